import { existsSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import fastifyStatic from '@fastify/static';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Clock, repeat } from '@tagtrail/shared/time/clock.js';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type KioskDeskPort, serveActions } from './kiosk-routes.js';
import { unbuiltPage } from './unbuilt-page.js';

export interface KioskServerOptions {
  readonly config: { readonly host: string; readonly port: number };
  /** Folder of the built kiosk page; null, or a folder that is not there, serves a page that says how to build it. */
  readonly staticDir: string | null;
  state(): KioskState;
  onSignOut(): void;
  /** What the screen can ask for; a screen that only shows leaves it out. */
  readonly desk?: KioskDeskPort;
  readonly clock: Clock;
  readonly log: Log;
}

export interface KioskServer {
  /**
   * Listens; resolves to the address of the page.
   * @throws AppError `kiosk.port_taken` or `kiosk.not_listening`.
   */
  start(): Promise<string>;
  /** Sends the state to every screen that listens. */
  publish(): void;
  close(): Promise<void>;
}

const commentEveryMs = 15_000;
/** The count of waiting events and the connection change by themselves. */
const refreshEveryMs = 5_000;
/** A cabinet has one screen; a few more are for people who look after it. */
const streamLimit = 16;
/** A screen that does not read any more is cut off at this many waiting bytes. */
const backlogLimitBytes = 1_000_000;

const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Serves the cabinet's own screen on loopback: the page, its state, its stream, and leaving the receipt. */
export function createKioskServer(options: KioskServerOptions): KioskServer {
  const { clock, config, log } = options;
  const app = fastify({ bodyLimit: 64 * 1024, forceCloseConnections: true });
  const streams = new Set<ServerResponse>();
  guard(app, config.host);

  app.get('/api/state', (_request, reply) => {
    void reply.header('cache-control', 'no-store').send(options.state());
  });
  app.post('/api/sign-out', (_request, reply) => {
    options.onSignOut();
    void reply.code(204).send();
  });
  if (options.desk !== undefined) serveActions(app, options.desk);
  app.get('/api/stream', (_request, reply) => {
    if (streams.size >= streamLimit) {
      void reply.code(503).send({ error: 'too many screens are connected to this cabinet' });
      return;
    }
    openStream(reply, streams);
    send(streams, options.state());
  });
  servePage(app, options.staticDir);
  const comments = repeat(clock, 'kiosk.comment', commentEveryMs, () => write(streams, ': still here\n\n'));
  const refreshes = repeat(clock, 'kiosk.refresh', refreshEveryMs, () => send(streams, options.state()));

  return {
    start: () => listen(app, config),
    publish: () => send(streams, options.state()),
    close: async () => {
      comments.cancel();
      refreshes.cancel();
      for (const stream of streams) stream.destroy();
      await app.close().catch((error: unknown) => log.warn({ error: errorText(error) }, 'kiosk.server.close_refused'));
    },
  };
}

/** Refuses names that are not this machine's: a web page elsewhere could point its own name here (DNS rebinding). */
function guard(app: FastifyInstance, host: string): void {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', host.toLowerCase()]);
  const isOurs = (authority: string): boolean => names.has(authority.toLowerCase().replace(/:\d+$/, ''));
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    void reply.headers(securityHeaders);
    const origin = request.headers.origin;
    const foreignOrigin = origin !== undefined && !isOurs(origin.replace(/^https?:\/\//, ''));
    if (!isOurs(request.headers.host ?? '') || foreignOrigin) {
      await reply.code(403).send({ error: 'the kiosk answers only under its own address' });
    }
  });
}

function servePage(app: FastifyInstance, staticDir: string | null): void {
  if (staticDir !== null && existsSync(staticDir)) {
    void app.register(fastifyStatic, { root: staticDir, index: ['index.html', 'kiosk.html'] });
    return;
  }
  app.get('/', (_request, reply) => {
    void reply.type('text/html; charset=utf-8').send(unbuiltPage);
  });
}

function openStream(reply: FastifyReply, streams: Set<ServerResponse>): void {
  const stream = reply.raw;
  reply.hijack();
  stream.writeHead(200, {
    ...securityHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
  });
  streams.add(stream);
  stream.on('close', () => streams.delete(stream));
  stream.on('error', () => streams.delete(stream));
}

function send(streams: ReadonlySet<ServerResponse>, state: KioskState): void {
  if (streams.size > 0) write(streams, `event: state\ndata: ${JSON.stringify(state)}\n\n`);
}

function write(streams: ReadonlySet<ServerResponse>, text: string): void {
  for (const stream of streams) {
    if (stream.writableLength > backlogLimitBytes) stream.destroy();
    else stream.write(text);
  }
}

async function listen(app: FastifyInstance, config: { readonly host: string; readonly port: number }): Promise<string> {
  try {
    return await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      const message = `port ${config.port} is taken; choose another one with kiosk.port in the configuration`;
      throw new AppError('kiosk.port_taken', message, { kind: 'operator', cause: error });
    }
    const message = `the kiosk cannot listen on ${config.host}:${config.port}: ${errorText(error)}`;
    throw new AppError('kiosk.not_listening', message, { kind: 'operator', cause: error });
  }
}
