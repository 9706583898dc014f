import {
  legalHold,
  legalHoldPage,
  placeHold,
  releaseHold,
  retentionChange,
  retentionChangePage,
} from '@tagtrail/shared/api/retention.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, listQuery, noBody, noQuery } from '../api/schemas.js';
import { decideChange } from './decide-change.js';
import { listHolds, placeLegalHold, releaseLegalHold } from './legal-holds.js';
import { listChanges } from './read-changes.js';

const tags = ['Retention'];

/** What takes more than one rule: the second person, and what is held whatever the rules say. */
export function registerHoldRoutes(api: Api, context: ApiContext): void {
  registerChanges(api, context);
  api.get(
    '/v1/holds',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Legal holds, latest first, released ones too',
        tags,
        querystring: listQuery,
        response: { 200: legalHoldPage, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    (request) =>
      context.read(request, (asking) =>
        listHolds(asking, { limit: request.query.limit, cursor: request.query.cursor }),
      ),
  );
  api.post(
    '/v1/holds',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Hold the lines of a person, an asset, an order, a site or a period',
        description: 'No rule deletes them or takes names out of them until the hold is released.',
        tags,
        querystring: noQuery,
        body: placeHold,
        response: { 200: legalHold, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) => context.change(request, (asking) => placeLegalHold(asking, context.random, request.body)),
  );
  api.post(
    '/v1/holds/:id/release',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Release a legal hold',
        tags,
        params: idParams,
        querystring: noQuery,
        body: releaseHold,
        response: {
          200: legalHold,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        releaseLegalHold(asking, { id: uuidFromId('hold', request.params.id), reason: request.body.reason }),
      ),
  );
}

function registerChanges(api: Api, context: ApiContext): void {
  api.get(
    '/v1/retention/changes',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Changes that wait or waited for a second person, latest first',
        tags,
        querystring: listQuery,
        response: { 200: retentionChangePage, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope, atMs }) =>
        listChanges(tx, { scope, atMs, limit: request.query.limit, cursor: request.query.cursor }),
      ),
  );
  for (const verdict of ['approve', 'reject'] as const) {
    api.post(
      `/v1/retention/changes/:id/${verdict}`,
      {
        preValidation: context.needs('admin'),
        schema: {
          summary:
            verdict === 'approve'
              ? 'Agree to a change that somebody else asked for'
              : 'Refuse a change, or take the own one back',
          tags,
          params: idParams,
          querystring: noQuery,
          body: noBody,
          response: {
            200: retentionChange,
            ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
          },
        },
      },
      (request) =>
        context.change(request, (asking) =>
          decideChange(asking, { id: uuidFromId('change', request.params.id), verdict }),
        ),
    );
  }
}
