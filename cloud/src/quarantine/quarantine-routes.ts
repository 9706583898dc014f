import { quarantinePage } from '@tagtrail/shared/api/quarantine.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { listQuery } from '../api/schemas.js';
import { listQuarantine } from './read-quarantine.js';

export function registerQuarantineRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/quarantine',
    {
      schema: {
        summary: 'What arrived and could not be believed',
        tags: ['Trail'],
        querystring: listQuery,
        response: { 200: quarantinePage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope }) =>
        listQuarantine(tx, { scope, limit: request.query.limit, cursor: request.query.cursor }),
      ),
  );
}
