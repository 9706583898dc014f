import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyInstance } from 'fastify';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * Serves the built simulator page. Only files that the folder holds now have a route, so no path can lead out of it.
 * Returns false when the page has not been built.
 */
export function servePage(app: FastifyInstance, folder: string): boolean {
  if (!existsSync(join(folder, 'index.html'))) return false;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const url = `/${relative(folder, path).split(sep).join('/')}`;
    const isPage = url === '/index.html';
    // The names of all other files change with their content.
    const cache = isPage || !url.startsWith('/assets/') ? 'no-cache' : 'public, max-age=31536000, immutable';
    app.get(isPage ? '/' : url, (_request, reply) =>
      reply.type(type).header('cache-control', cache).send(createReadStream(path)),
    );
  }
  return true;
}
