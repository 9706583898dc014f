import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { build } from 'vite';

const web = fileURLToPath(new URL('..', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface KioskTestServer {
  readonly address: string;
  /** What the page is told from now on; open streams hear it at once. Held against the shared schema. */
  show(state: unknown): void;
  /** Bodies of the actions that the page has sent. */
  readonly actions: unknown[];
  /** Until set back, questions are answered as an agent that is gone would. */
  setGone(gone: boolean): void;
  close(): Promise<void>;
}

/** Builds the kiosk page as it is shipped into a folder that goes away again, and serves it with made-up states. */
export async function serveKiosk(first: unknown, answer: (action: unknown) => unknown): Promise<KioskTestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tagtrail-kiosk-'));
  await build({
    root: web,
    configFile: join(web, 'vite.kiosk.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  let state = kioskState.parse(first);
  let gone = false;
  const actions: unknown[] = [];
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://kiosk');
    if (gone && pathname.startsWith('/api')) {
      request.socket.destroy();
    } else if (pathname === '/api/state') {
      json(response, state);
    } else if (pathname === '/api/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`);
      streams.add(response);
      response.on('close', () => streams.delete(response));
    } else if (request.method === 'POST') {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const action: unknown = text === '' ? { path: pathname } : JSON.parse(text);
        actions.push(action);
        json(response, answer(action) ?? {});
      });
    } else {
      sendFile(folder, pathname, response);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const bound = server.address();
  return {
    address: `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`,
    show: (next) => {
      state = kioskState.parse(next);
      for (const stream of streams) stream.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`);
    },
    actions,
    setGone: (value) => {
      gone = value;
      if (gone) for (const stream of streams) stream.destroy();
    },
    close: async () => {
      for (const stream of streams) stream.destroy();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function sendFile(folder: string, pathname: string, response: ServerResponse): void {
  const path = join(folder, normalize(pathname === '/' ? '/index.html' : pathname));
  if (!path.startsWith(folder) || !existsSync(path)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' });
  createReadStream(path).pipe(response);
}
