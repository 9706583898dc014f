import type { Log } from '@tagtrail/shared/log/log.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createStageBook, type StageCounts } from '../metrics/stage-book.js';

const doors = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

export interface RequestTraceOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** A request that takes longer is logged with where its time went. */
  readonly slowRequestMs: number;
}

interface Marks {
  readonly atMs: number;
  handlerAtMs?: number;
  sendAtMs?: number;
}

/**
 * Counts every request and its outcome, and says where the time of a slow one went. Registered
 * first, so that its clock starts before anybody else's work. Answers the books.
 */
export function registerRequestTrace(server: FastifyInstance, options: RequestTraceOptions): () => StageCounts {
  const { clock, log, slowRequestMs } = options;
  const book = createStageBook(doors);
  const marks = new WeakMap<FastifyRequest, Marks>();
  server.addHook('onRequest', async (request) => {
    book.enter();
    marks.set(request, { atMs: clock.monotonicMs() });
  });
  server.addHook('preHandler', async (request) => {
    const mark = marks.get(request);
    if (mark !== undefined) mark.handlerAtMs = clock.monotonicMs();
  });
  server.addHook('onSend', async (request) => {
    const mark = marks.get(request);
    if (mark !== undefined) mark.sendAtMs = clock.monotonicMs();
  });
  server.addHook('onResponse', async (request, reply) => {
    const door = doors[Math.floor(reply.statusCode / 100) - 1] ?? '5xx';
    book.leave(door);
    const mark = marks.get(request);
    if (mark === undefined) return;
    const nowMs = clock.monotonicMs();
    const facts = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '(none)',
      status: reply.statusCode,
      durationMs: rounded(nowMs - mark.atMs),
    };
    if (facts.durationMs < slowRequestMs) return log.debug(facts, 'api.request.answered');
    const handlerAtMs = mark.handlerAtMs ?? mark.sendAtMs ?? nowMs;
    const sendAtMs = mark.sendAtMs ?? nowMs;
    log.warn(
      {
        ...facts,
        signInMs: rounded(handlerAtMs - mark.atMs),
        workMs: rounded(sendAtMs - handlerAtMs),
        sendMs: rounded(nowMs - sendAtMs),
      },
      'api.request.slow',
    );
  });
  return () => book.read();
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
