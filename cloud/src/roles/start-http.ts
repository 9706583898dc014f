import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import { type App, type AppDeps, buildApp } from '../app.js';
import type { CloudConfig } from '../config.js';
import { readCertificate } from '../tls/certificate.js';
import { followCertificate } from '../tls/follow-certificate.js';
import { keptSecret } from './kept-secret.js';

export interface StartHttpOptions
  extends Omit<AppDeps, 'publicUrl' | 'trustedProxies' | 'authSecret' | 'webFolder' | 'serves' | 'certificate'> {
  readonly config: CloudConfig;
}

export interface StartedHttp {
  readonly app: App;
  /** Where browsers reach it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The HTTP side of the roles `api` and `live`.
 * @throws AppError `cloud.port_taken`, `cloud.bad_certificate`.
 */
export async function startHttp(options: StartHttpOptions): Promise<StartedHttp> {
  const { config } = options;
  const files = config.tls;
  const certificate = files === undefined ? undefined : await readCertificate(files, 'TLS');
  const app = await buildApp({
    ...options,
    certificate,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
    authSecret: config.authSecret ?? (await keptSecret(config.dataFolder, 'auth-secret', options.random)),
    webFolder: builtWeb(),
    serves: { api: config.roles.has('api'), live: config.roles.has('live') },
  });
  try {
    const port = await listenOn(app, config);
    const shownHost = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
    const following =
      files === undefined || certificate === undefined
        ? undefined
        : followCertificate({
            ...{ files, use: 'TLS', current: certificate, clock: options.clock, log: options.log },
            renew: (next) => app.renewCertificate(next),
          });
    return {
      app,
      url: config.publicUrl ?? `http://${shownHost}:${port}`,
      close: async () => {
        following?.cancel();
        await app.close();
      },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
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
