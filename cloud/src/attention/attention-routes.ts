import { acknowledgeAttention, attentionItem, attentionPage, attentionQuery } from '@tagtrail/shared/api/attention.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { noQuery } from '../api/schemas.js';
import { acknowledge } from './acknowledge.js';
import { listAttention } from './read-attention.js';

const tags = ['Overview'];

/** What needs somebody now, and who looks after it. */
export function registerAttentionRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/attention',
    {
      schema: {
        summary:
          'What needs somebody now, newest first; each leaves the list when it ends, or with the word of somebody',
        tags,
        querystring: attentionQuery,
        response: { 200: attentionPage, ...problems('invalid-request', 'invalid-cursor', 'not-signed-in') },
      },
    },
    (request) => context.read(request, (asking) => listAttention(asking, request.query)),
  );
  api.post(
    '/v1/attention/acknowledgements',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Look after something by name, as it was shown; it comes back when it happens again',
        tags,
        querystring: noQuery,
        body: acknowledgeAttention,
        response: {
          200: attentionItem,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    (request) => context.change(request, (asking) => acknowledge(asking, request.body)),
  );
}
