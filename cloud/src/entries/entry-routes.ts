import { feedPage, feedQuery } from '@tagtrail/shared/api/entry.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { readFeed } from './timeline.js';

export function registerEntryRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/events',
    {
      schema: {
        summary: 'The trail as a feed: oldest first, from an index on',
        description:
          'Pass "next_after" as "after" and "next_mark" as "mark" to go on; then a trail that was restored from a ' +
          'backup meanwhile is answered with 410, not with lines behind some that are gone. Indexes are dense when they are given; a feed shows holes where ' +
          'retention has deleted lines or where a line is not yours to see.',
        tags: ['Trail'],
        querystring: feedQuery,
        response: { 200: feedPage, ...problems('invalid-request', 'not-signed-in', 'trail-restored') },
      },
    },
    (request) => context.read(request, ({ tx, scope, atMs }) => readFeed(tx, { scope, atMs, ...request.query })),
  );
}
