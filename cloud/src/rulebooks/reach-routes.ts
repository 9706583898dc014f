import { changeReach, rulesStatus } from '@tagtrail/shared/api/rulebook.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noQuery } from '../api/schemas.js';
import { readBadgeReach, readRulesStatus } from './read-reach.js';

const tags = ['Rules'];

/** How far rules have come to the cabinets that obey them. */
export function registerReachRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/rulebooks',
    {
      schema: {
        summary: 'The newest rules of each cabinet, which it has acknowledged and when; those behind first',
        tags,
        querystring: noQuery,
        response: { 200: rulesStatus, ...problems('not-signed-in') },
      },
    },
    (request) => context.read(request, (asking) => readRulesStatus(asking)),
  );
  api.get(
    '/v1/badges/:id/reach',
    {
      schema: {
        summary: 'Which cabinets have acknowledged that a badge has ended; it may still open the others',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: changeReach, ...problems('not-signed-in', 'not-found') },
      },
    },
    (request) => context.read(request, (asking) => readBadgeReach(asking, uuidFromId('badge', request.params.id))),
  );
}
