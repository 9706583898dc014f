import { grantChange, grantPage, grantQuery, grantView, newGrant } from '@tagtrail/shared/api/grant.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noQuery } from '../api/schemas.js';
import { addGrant, changeGrant, endGrant } from './change-grants.js';
import { listGrants } from './read-grants.js';

const tags = ['Rules'];

/** Who may or may not take what, beyond groups. */
export function registerGrantRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/grants',
    {
      schema: {
        summary: 'Rights beyond groups, newest first',
        tags,
        querystring: grantQuery,
        response: { 200: grantPage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) => context.read(request, (asking) => listGrants(asking, request.query)),
  );
  api.post(
    '/v1/grants',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Allow or deny a person or a group to take items, a model or anything, within hours or until a day',
        description:
          'An item that any grant allows by name is for those alone, and for its groups. A denial outweighs every right.',
        tags,
        querystring: noQuery,
        body: newGrant,
        response: {
          201: grantView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'invalid-reference'),
        },
      },
    },
    async (request, reply) => {
      const grant = await context.change(request, (asking) => addGrant(asking, context.random, request.body));
      return reply.code(201).send(grant);
    },
  );
  api.patch(
    '/v1/grants/:id',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Change the hours, the end or the reason of a grant',
        tags,
        params: idParams,
        querystring: noQuery,
        body: grantChange,
        response: { 200: grantView, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) =>
      context.change(request, (asking) => changeGrant(asking, uuidFromId('grant', request.params.id), request.body)),
  );
  api.delete(
    '/v1/grants/:id',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'End a grant',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: grantView, ...problems('not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) => context.change(request, (asking) => endGrant(asking, uuidFromId('grant', request.params.id))),
  );
}
