import { z } from 'zod';
import type { Store } from '../store/prisma.js';
import { sql } from '../store/sql.js';
import type { Api } from './context.js';
import { problems } from './openapi.js';
import { ApiProblem } from './problem.js';
import { noQuery } from './schemas.js';

const healthy = z.strictObject({ status: z.literal('ok') });

export interface HealthOptions {
  readonly store: Store;
  readonly ready: () => boolean;
}

/** For whoever watches the process: `healthz` that it runs, `readyz` that it can work. */
export function registerHealth(api: Api, { store, ready }: HealthOptions): void {
  const tags = ['Health'];
  api.get(
    '/healthz',
    { schema: { summary: 'The process runs', tags, security: [], querystring: noQuery, response: { 200: healthy } } },
    async () => ({ status: 'ok' as const }),
  );
  api.get(
    '/readyz',
    {
      schema: {
        summary: 'The process and its database can work',
        tags,
        security: [],
        querystring: noQuery,
        response: { 200: healthy, ...problems('unavailable') },
      },
    },
    async () => {
      const works =
        ready() &&
        (await store.global.$queryRaw(sql`select 1`).then(
          () => true,
          () => false,
        ));
      if (!works) throw new ApiProblem('unavailable', 'The database or the broker does not answer yet.');
      return { status: 'ok' as const };
    },
  );
}
