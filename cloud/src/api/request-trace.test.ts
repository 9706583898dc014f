import { type Log, silentLog } from '@tagtrail/shared/log/log.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StageCounts } from '../metrics/stage-book.js';
import { registerRequestTrace } from './request-trace.js';

interface Line {
  readonly level: 'debug' | 'warn';
  readonly event: string;
  readonly facts: unknown;
}

describe('the trace of a request', () => {
  let server: FastifyInstance;
  let clock: VirtualClock;
  let book: () => StageCounts;
  const lines: Line[] = [];

  beforeEach(() => {
    lines.length = 0;
    clock = new VirtualClock();
    server = Fastify();
    const write =
      (level: Line['level']) =>
      (facts: unknown, event: string): void =>
        void lines.push({ level, event, facts });
    const log: Log = { ...silentLog, debug: write('debug'), warn: write('warn') };
    book = registerRequestTrace(server, { clock, log, slowRequestMs: 1_000 });
    // What the other parts of the server do, each for as long as the request asks.
    const lasting = async (request: { query: unknown }, part: string): Promise<void> =>
      await clock.advance(Number((request.query as Record<string, string>)[part] ?? 0));
    server.addHook('preValidation', async (request) => await lasting(request, 'signIn'));
    server.addHook('onSend', async (request) => await lasting(request, 'send'));
    server.get('/things/:id', async (request) => {
      await lasting(request, 'work');
      return {};
    });
    server.get('/broken', async (request) => {
      await lasting(request, 'work');
      throw new TypeError('of this test');
    });
  });
  afterEach(async () => {
    await server.close();
  });

  it('says where the time of a slow one went, by its route and without its address', async () => {
    await server.inject('/things/secret?signIn=300.04&work=600&send=150');
    expect(lines).toEqual([
      {
        level: 'warn',
        event: 'api.request.slow',
        facts: {
          ...{ requestId: expect.any(String), method: 'GET', route: '/things/:id', status: 200 },
          ...{ durationMs: 1050, signInMs: 300, workMs: 600, sendMs: 150 },
        },
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('warns from the limit on, and not before', async () => {
    await server.inject('/things/1?work=999.9');
    await server.inject('/things/1?work=1000');
    expect(lines.map(({ level, event }) => [level, event])).toEqual([
      ['debug', 'api.request.answered'],
      ['warn', 'api.request.slow'],
    ]);
  });

  it('warns of slow ones that failed or that no route answers, too', async () => {
    await server.inject('/broken?work=2000');
    await server.inject('/nothing?send=3000');
    expect(lines.map(({ level, facts }) => ({ level, facts }))).toMatchObject([
      { level: 'warn', facts: { status: 500, route: '/broken', workMs: 2000 } },
      { level: 'warn', facts: { status: 404, route: '(none)', sendMs: 3000 } },
    ]);
  });

  it('keeps books that balance', async () => {
    for (const url of ['/things/1', '/broken', '/nothing', '/things/2']) await server.inject(url);
    expect(book()).toEqual({
      received: 4,
      inFlight: 0,
      outcomes: expect.objectContaining({ '2xx': 2, '4xx': 1, '5xx': 1 }),
    });
  });
});
