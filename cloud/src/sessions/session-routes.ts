import { pageQuery } from '@tagtrail/shared/api/common.js';
import { sessionPage, sessionView } from '@tagtrail/shared/api/session.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import { z } from 'zod';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { filterUuid } from '../api/request-ids.js';
import { idParams, listQuery, noQuery } from '../api/schemas.js';
import { readCabinet } from '../cabinets/read-cabinets.js';
import { listSessions, readSession } from './read-sessions.js';

const tags = ['Sessions'];
const sessionQuery = z.strictObject({ ...pageQuery, cabinet_id: z.string().max(80).optional() });

export function registerSessionRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/sessions',
    {
      schema: {
        summary: 'Cabinet sessions, latest opening first',
        tags,
        querystring: sessionQuery,
        response: { 200: sessionPage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope, atMs }) => {
        const { limit, cursor, cabinet_id } = request.query;
        const cabinetId = cabinet_id === undefined ? undefined : filterUuid('cabinet', cabinet_id, 'cabinet_id');
        return listSessions(tx, { scope, atMs, limit, cursor, cabinetId });
      }),
  );
  api.get(
    '/v1/cabinets/:id/sessions',
    {
      schema: {
        summary: 'The sessions of one cabinet, latest opening first',
        tags,
        params: idParams,
        querystring: listQuery,
        response: { 200: sessionPage, ...problems('invalid-request', 'not-signed-in', 'not-found') },
      },
    },
    (request) =>
      context.read(request, async ({ tx, scope, atMs }) => {
        const cabinetId = uuidFromId('cabinet', request.params.id);
        await readCabinet(tx, scope, { id: cabinetId, atMs });
        const { limit, cursor } = request.query;
        return await listSessions(tx, { scope, atMs, limit, cursor, cabinetId });
      }),
  );
  api.get(
    '/v1/sessions/:id',
    {
      schema: {
        summary: 'One session with its lines',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: sessionView, ...problems('not-signed-in', 'not-found') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope, atMs }) =>
        readSession(tx, scope, { id: uuidFromId('session', request.params.id), atMs }),
      ),
  );
}
