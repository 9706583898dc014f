import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>TagTrail</title>
<h1>The screens are not built</h1>
<p>The server runs, but its web pages are missing. Run <code>npm run build</code> in the project and start it again.
<p>The API is documented at <a href="/docs">/docs</a>.</html>`;

/**
 * Serves the built screens. Paths that only the browser's router knows answer with the start page,
 * so that a reload or a shared link works; everything else that is unknown stays a 404.
 */
export async function registerWebFiles(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const startPage = folder === undefined || !existsSync(join(folder, 'index.html')) ? undefined : 'index.html';
  if (folder !== undefined && startPage !== undefined) {
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      serveDotFiles: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Built files carry their hash in the name; the start page must be asked for again.
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.route({
    method: 'GET',
    url: '/*',
    schema: { hide: true },
    handler: async (request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '/';
      const wantsPage = request.headers.accept?.includes('text/html') ?? false;
      if (!wantsPage || path.startsWith('/v1') || /\.[a-z0-9]{1,8}$/i.test(path)) return reply.callNotFound();
      void reply.header('cache-control', 'no-cache');
      if (startPage !== undefined) return reply.sendFile(startPage);
      return reply.type('text/html; charset=utf-8').send(notBuilt);
    },
  });
}
