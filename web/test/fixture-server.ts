import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { assetPage, assetView } from '@tagtrail/shared/api/asset.js';
import { cabinetPage, cabinetView, sitePage } from '@tagtrail/shared/api/cabinet.js';
import { entryPage } from '@tagtrail/shared/api/entry.js';
import { overview } from '@tagtrail/shared/api/overview.js';
import { personPage, personView } from '@tagtrail/shared/api/person.js';
import { quarantinePage } from '@tagtrail/shared/api/quarantine.js';
import { legalHoldPage } from '@tagtrail/shared/api/retention.js';
import { sessionView } from '@tagtrail/shared/api/session.js';
import { me, signIns } from '@tagtrail/shared/api/sign-in.js';
import { livePatch, livePath, liveSnapshot } from '@tagtrail/shared/live/protocol.js';
import { repeat } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Server } from 'socket.io';
import type { z } from 'zod';
import { attentionAnswer } from './fixture-attention.js';
import { madeUpHolds, retentionAnswer } from './fixture-retention.js';
import { rightsAnswer } from './fixture-rights.js';
import { createWorld, overviewOf, sites, visit, type World } from './fixture-world.js';

/** Serves made-up data under the real routes, each answer held against its schema. Only for looking at screens. */
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const markOf = (index: number): string => index.toString(16).padStart(32, '0');
const page = (data: unknown[]) => ({ data, has_more: false, next_cursor: null });

export async function serveFixture(options: { folder: string; port: number; visitEveryMs: number }) {
  const world = createWorld(systemClock.wallMs());
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fixture');
    if (url.pathname.startsWith('/v1')) void answer(world, request, url, response);
    else sendFile(options.folder, url.pathname, response);
  });
  const io = new Server(server, { path: livePath });
  io.on('connection', (socket) => {
    socket.on('watch', (request: { after: number | null }, done: (answer: object) => void) => {
      const last = world.entries.length - 1;
      if (request.after === null) {
        const entries = world.entries.slice(-120);
        socket.emit(
          'snapshot',
          liveSnapshot.parse({
            index: last,
            mark: markOf(last),
            continues: false,
            cabinets: world.cabinets,
            overview: overviewOf(world, systemClock.wallMs()),
            entries,
            skipped: 0,
          }),
        );
      } else if (request.after < last) {
        socket.emit(
          'entries',
          livePatch.parse({
            ...{ from: request.after + 1, to: last, mark: markOf(last) },
            entries: world.entries.slice(request.after + 1),
          }),
        );
      }
      done({ ok: true });
    });
  });
  repeat(systemClock, 'fixture heartbeat', 5000, () => {
    for (const cabinet of world.cabinets) {
      if (cabinet.link !== 'online') continue;
      cabinet.last_seen_at = new Date(systemClock.wallMs()).toISOString();
      io.emit('cabinet', cabinet);
    }
  });
  repeat(systemClock, 'fixture visit', options.visitEveryMs, () => {
    const entries = visit(world, systemClock.wallMs() - 13_000);
    for (const entry of entries)
      io.emit('entries', { from: entry.index, to: entry.index, mark: markOf(entry.index), entries: [entry] });
  });
  await new Promise<void>((listening) => server.listen(options.port, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return { port, close: () => io.close() };
}

async function answer(world: World, request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
  const send = (schema: z.ZodType, value: unknown) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(schema.parse(value)));
  };
  const fail = (status: number, detail: string) => {
    response.statusCode = status;
    response.setHeader('content-type', 'application/problem+json');
    response.end(JSON.stringify({ type: 'about:blank', title: 'Problem', status, detail, request_id: 'req-fixture' }));
  };
  const now = systemClock.wallMs();
  const iso = (ms: number) => new Date(ms).toISOString();
  const signedIn = request.headers.cookie?.includes('fixture=1') ?? false;
  const [, , folder, id, part] = url.pathname.split('/');
  const who = {
    id: 'user_1',
    name: 'Maria Jensen',
    email: 'maria@example.com',
    role: 'admin',
    tenant: { id: 'tenant_1', name: 'Skyline MRO' },
    sites: null,
  };
  if (folder === 'sign-in') {
    response.setHeader('set-cookie', 'fixture=1; Path=/');
    return send(me, who);
  }
  if (!signedIn) return fail(401, 'Sign in first.');
  const q = (url.searchParams.get('q') ?? '').toLowerCase();
  const timeline = (field: 'asset' | 'actor' | 'cabinet') =>
    send(
      entryPage,
      page(
        world.entries
          .filter((e) => e[field]?.id === id || (field === 'actor' && e.counterpart?.id === id))
          .reverse()
          .slice(0, 50),
      ),
    );
  const one = (schema: z.ZodType, list: readonly { id: string }[]) => {
    const found = list.find((item) => item.id === id);
    return found === undefined ? fail(404, 'Not found.') : send(schema, found);
  };
  const rights = attentionAnswer(world, url) ?? rightsAnswer(world, url, request.method !== 'GET');
  if (rights !== null) return send(...rights);
  switch (folder) {
    case 'me':
      return send(me, who);
    case 'sign-out':
      response.statusCode = 204;
      response.setHeader('set-cookie', 'fixture=; Path=/; Max-Age=0');
      response.end();
      return;
    case 'sign-ins':
      return send(signIns, {
        data: [
          {
            id: 's1',
            created_at: iso(now - 9e6),
            last_used_at: iso(now - 1000),
            ip: '10.0.4.21',
            user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537',
            current: true,
          },
          {
            id: 's2',
            created_at: iso(now - 9e8),
            last_used_at: iso(now - 7e7),
            ip: '10.0.4.77',
            user_agent: 'Mozilla/5.0 (iPad; CPU OS 19) Safari/605',
            current: false,
          },
        ],
      });
    case 'overview':
      return send(overview, overviewOf(world, now));
    case 'sites':
      return send(sitePage, page(sites.map((site) => ({ ...site, time_zone: 'Europe/Paris' }))));
    case 'cabinets':
      if (part === 'timeline') return timeline('cabinet');
      return id === undefined ? send(cabinetPage, page(world.cabinets)) : one(cabinetView, world.cabinets);
    case 'assets': {
      if (part === 'timeline') return timeline('asset');
      if (id !== undefined) return one(assetView, world.assets);
      const get = (name: string) => url.searchParams.get(name);
      const found = world.assets.filter(
        (a) =>
          (get('state') === null || a.state === get('state')) &&
          (get('site_id') === null || a.site?.id === get('site_id')) &&
          (get('cabinet_id') === null || a.home?.id === get('cabinet_id')) &&
          (get('holder_id') === null || a.holder?.id === get('holder_id')) &&
          `${a.name} ${a.model} ${a.serial} ${a.epc}`.toLowerCase().includes(q),
      );
      return send(assetPage, page(found.slice(0, Number(get('limit') ?? 50))));
    }
    case 'people':
      if (part === 'timeline') return timeline('actor');
      if (part === 'badges') return one(personView, world.people);
      if (id !== undefined) return one(personView, world.people);
      return send(personPage, page(world.people.filter((p) => (p.name ?? '').toLowerCase().includes(q))));
    case 'sessions':
      return one(sessionView, world.sessions);
    case 'quarantine':
      return send(
        quarantinePage,
        page([
          {
            id: 'q1',
            state: 'open',
            at: iso(now - 4e6),
            last_at: iso(now - 2e6),
            occurrences: 3,
            cabinet: { id: world.cabinets[2]?.id, name: 'C1 Line' },
            reason: 'bad_signature',
            detail: 'The batch 312 to 330 is not signed by this cabinet.',
            sequence: 312,
            epc: null,
            asset: null,
            decided_by: null,
            decided_at: null,
            note: null,
          },
        ]),
      );
    case 'holds':
      return send(legalHoldPage, page(madeUpHolds(now)));
    case 'retention':
      return send(...retentionAnswer(url, now, request.method !== 'GET'));
    default:
      return fail(404, 'No such route.');
  }
}

function sendFile(folder: string, path: string, response: ServerResponse): void {
  const wanted = join(folder, normalize(path));
  const file = existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(folder, 'index.html');
  response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
  createReadStream(file).pipe(response);
}
