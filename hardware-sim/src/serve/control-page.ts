import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * Serves the built simulator page. A name is sent only when the folder lists it, so no path leads
 * out of it; it is listed anew each time, so a page that is built again is found.
 * Returns false when the page has not been built.
 */
export function servePage(app: FastifyInstance, folder: string): boolean {
  if (!existsSync(join(folder, 'index.html'))) return false;
  const sendFrom = (part: string, name: string, reply: FastifyReply): unknown => {
    const within = join(folder, part);
    const type = types[extname(name)];
    if (type === undefined || !existsSync(within) || !readdirSync(within).includes(name)) return reply.callNotFound();
    // The names of the files under assets/ change with their content.
    const cache = part === 'assets' ? 'public, max-age=31536000, immutable' : 'no-cache';
    return reply
      .type(type)
      .header('cache-control', cache)
      .send(createReadStream(join(within, name)));
  };
  app.get('/', (_request, reply) => sendFrom('.', 'index.html', reply));
  app.get('/icon.svg', (_request, reply) => sendFrom('.', 'icon.svg', reply));
  app.get<{ Params: { name: string } }>('/assets/:name', (request, reply) =>
    sendFrom('assets', request.params.name, reply),
  );
  return true;
}
