import {
  adoptQuarantined,
  quarantinePage,
  quarantineQuery,
  quarantineView,
  rejectQuarantined,
} from '@tagtrail/shared/api/quarantine.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noQuery } from '../api/schemas.js';
import { adoptQuarantinedRow, rejectQuarantinedRow } from './decide-quarantined.js';
import { listQuarantine } from './read-quarantine.js';

const tags = ['Trail'];

export function registerQuarantineRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/quarantine',
    {
      schema: {
        summary: 'What arrived and could not be believed, and tags that nobody registered, latest first',
        tags,
        querystring: quarantineQuery,
        response: { 200: quarantinePage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) => context.read(request, ({ tx, scope }) => listQuarantine(tx, { scope, query: request.query })),
  );
  const refusals = ['invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'] as const;
  api.post(
    '/v1/quarantine/:id/adoption',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Adopt a tag into an asset, or stand by what a bad event says',
        description:
          'All but tags takes an administrator. What is not signed by its cabinet or contradicts its history is never adopted.',
        tags,
        params: idParams,
        querystring: noQuery,
        body: adoptQuarantined,
        response: { 200: quarantineView, ...problems(...refusals, 'invalid-reference') },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        adoptQuarantinedRow(asking, context.random, {
          id: uuidFromId('quarantine', request.params.id),
          adoption: request.body,
        }),
      ),
  );
  api.post(
    '/v1/quarantine/:id/rejection',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Reject what was set aside, with a reason; all but tags takes an administrator',
        tags,
        params: idParams,
        querystring: noQuery,
        body: rejectQuarantined,
        response: { 200: quarantineView, ...problems(...refusals) },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        rejectQuarantinedRow(asking, { id: uuidFromId('quarantine', request.params.id), reason: request.body.reason }),
      ),
  );
}
