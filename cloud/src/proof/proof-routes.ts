import {
  checkpointPage,
  checkpointView,
  consistencyQuery,
  consistencyView,
  inclusionQuery,
  inclusionView,
  logKeys,
  tileParams,
  tileView,
} from '@tagtrail/shared/api/proof.js';
import { z } from 'zod';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { listQuery, noQuery } from '../api/schemas.js';
import { sql } from '../store/sql.js';
import { logName } from './log-key.js';
import { listCheckpoints, readCheckpoint } from './read-checkpoints.js';
import { readConsistency, readInclusion, readTile } from './read-proof.js';

const tags = ['Proof'];
const entryParams = z.strictObject({ index: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) });

export function registerProofRoutes(api: Api, context: ApiContext): void {
  registerCheckpoints(api, context);
  api.get(
    '/v1/entries/:index/proof',
    {
      schema: {
        summary: 'Proof that an entry stands in the trail',
        description:
          'An inclusion proof (RFC 9162) in a signed checkpoint, also as one file that verifies offline (C2SP tlog-proof). ' +
          'A deleted line keeps its proof; its content is gone. A line is provable within two seconds of its arrival.',
        tags,
        params: entryParams,
        querystring: inclusionQuery,
        response: { 200: inclusionView, ...problems('invalid-request', 'not-signed-in', 'not-found') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope, atMs }) =>
        readInclusion(tx, { scope, atMs, index: request.params.index, size: request.query.size }),
      ),
  );
  api.get(
    '/v1/proof/consistency',
    {
      schema: {
        summary: 'Proof that the trail only grew between two sizes',
        tags,
        querystring: consistencyQuery,
        response: { 200: consistencyView, ...problems('invalid-request', 'not-signed-in', 'not-found') },
      },
    },
    (request) => context.read(request, ({ tx, scope }) => readConsistency(tx, scope.tenantId, request.query)),
  );
  api.get(
    '/v1/proof/tiles/:level/:index',
    {
      schema: {
        summary: 'A tile of the Merkle tree (C2SP tlog-tiles)',
        tags,
        params: tileParams,
        querystring: noQuery,
        response: { 200: tileView, ...problems('invalid-request', 'not-signed-in', 'not-found') },
      },
    },
    (request) => context.read(request, ({ tx, scope }) => readTile(tx, scope.tenantId, request.params)),
  );
}

function registerCheckpoints(api: Api, context: ApiContext): void {
  api.get(
    '/v1/proof/checkpoints',
    {
      schema: {
        summary: 'Signed checkpoints of the trail, newest first',
        tags,
        querystring: listQuery,
        response: { 200: checkpointPage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope }) => {
        const { limit, cursor } = request.query;
        return listCheckpoints(tx, scope.tenantId, { limit, cursor });
      }),
  );
  api.get(
    '/v1/proof/checkpoint',
    {
      schema: {
        summary: 'The newest signed checkpoint of the trail',
        description: 'Keep it: it shows later that nothing before it was changed or cut off.',
        tags,
        querystring: noQuery,
        response: { 200: checkpointView, ...problems('not-signed-in', 'not-found') },
      },
    },
    (request) => context.read(request, ({ tx, scope }) => readCheckpoint(tx, scope.tenantId)),
  );
  api.get(
    '/v1/proof/keys',
    {
      schema: {
        summary: 'The public keys that sign the checkpoints',
        tags,
        querystring: noQuery,
        response: { 200: logKeys, ...problems('not-signed-in') },
      },
    },
    (request) =>
      context.read(request, async ({ tx, scope }) => {
        const rows = await tx.$queryRaw<{ note_key: string; since_size: bigint; added_at: Date }[]>(sql`
          select note_key, since_size, added_at from log_key
          where tenant_id = ${scope.tenantId}::uuid order by since_size desc, added_at desc`);
        const data = rows.map(({ note_key, since_size, added_at }) => ({
          key: note_key,
          since_size: Number(since_size),
          added_at: added_at.toISOString(),
        }));
        return { origin: logName(scope.tenantId), data };
      }),
  );
}
