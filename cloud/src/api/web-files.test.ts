import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerWebFiles } from './web-files.js';

const page = { accept: 'text/html,*/*' };

describe('the files of the screens', () => {
  let folder: string;
  let app: FastifyInstance;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-web-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<p>start</p>');
    await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'let a;');
    await writeFile(join(folder, '..', 'tagtrail-outside.txt'), 'not yours');
    app = Fastify();
    await registerWebFiles(app, folder);
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
    await rm(join(folder, '..', 'tagtrail-outside.txt'));
  });

  it.each(['/', '/assets-of-the-app', '/cabinets/cabinet_01', '/index.html'])(
    'answer %s with the start page',
    async (url) => {
      const response = await app.inject({ url, headers: page });
      expect([response.statusCode, response.body, response.headers['cache-control']]).toEqual([
        200,
        '<p>start</p>',
        'no-cache',
      ]);
    },
  );

  it('may be kept for ever where the name carries the content', async () => {
    const response = await app.inject({ url: '/assets/app-1a2b.js' });
    expect([response.statusCode, response.headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
  });

  it.each(['/assets/app-gone.js', '/v1/nothing', '/..%2ftagtrail-outside.txt', '/%2e%2e/tagtrail-outside.txt'])(
    'do not answer %s',
    async (url) => {
      const response = await app.inject({ url, headers: page });
      expect([response.statusCode, response.body.includes('not yours')]).toEqual([404, false]);
    },
  );

  it('say how to build them where they are missing', async () => {
    const bare = Fastify();
    await registerWebFiles(bare, join(folder, 'nowhere'));
    const response = await bare.inject({ url: '/', headers: page });
    expect([response.statusCode, response.body]).toEqual([200, expect.stringContaining('npm run build')]);
    await bare.close();
  });
});
