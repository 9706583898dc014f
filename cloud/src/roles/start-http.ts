import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import { type App, type AppDeps, buildApp } from '../app.js';
import type { CloudConfig } from '../config.js';

export interface StartHttpOptions extends Omit<AppDeps, 'publicUrl' | 'authSecret' | 'webFolder' | 'serves'> {
  readonly config: CloudConfig;
}

export interface StartedHttp {
  readonly app: App;
  /** Where browsers reach it. */
  readonly url: string;
}

/**
 * The HTTP side of the roles `api` and `live`.
 * @throws AppError `cloud.port_taken`.
 */
export async function startHttp(options: StartHttpOptions): Promise<StartedHttp> {
  const { config } = options;
  const app = await buildApp({
    ...options,
    publicUrl: config.publicUrl,
    authSecret: config.authSecret ?? (await keptSecret(config.dataFolder, options.random)),
    webFolder: builtWeb(),
    serves: { api: config.roles.has('api'), live: config.roles.has('live') },
  });
  try {
    const port = await listenOn(app, config);
    const shownHost = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
    return { app, url: config.publicUrl ?? `http://${shownHost}:${port}` };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** The secret of the sign-in cookies outlives restarts, so that nobody is signed out by one. */
async function keptSecret(folder: string, random: Random): Promise<string> {
  const path = join(folder, 'auth-secret');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept.length >= 32) return kept;
  const secret = Buffer.from(randomBytes(random, 32)).toString('hex');
  await mkdir(folder, { recursive: true });
  await writeFile(path, secret, { mode: 0o600 });
  return secret;
}

function builtWeb(): string | undefined {
  const folder = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
  return existsSync(folder) ? folder : undefined;
}

async function listenOn(app: App, { port, host }: CloudConfig): Promise<number> {
  try {
    await app.server.listen({ port, host });
  } catch (error) {
    const text =
      (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? `Port ${port} for the web is taken. Set PORT to another one.`
        : `The web server cannot listen on ${host}:${port} (HOST, PORT): ${errorText(error)}`;
    throw new AppError('cloud.port_taken', text, { kind: 'operator', cause: error });
  }
  const address = app.server.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
