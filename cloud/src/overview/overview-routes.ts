import { overview } from '@tagtrail/shared/api/overview.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { noQuery } from '../api/schemas.js';
import { readOverview } from './read-overview.js';

export function registerOverviewRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/overview',
    {
      schema: {
        summary: 'What needs somebody now, and how far the figures can be trusted',
        tags: ['Overview'],
        querystring: noQuery,
        response: { 200: overview, ...problems('not-signed-in') },
      },
    },
    (request) => context.read(request, (asking) => readOverview(asking)),
  );
}
