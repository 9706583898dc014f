import {
  newSupportCase,
  supportCaseEnd,
  supportCaseKeepDays,
  supportCasePage,
  supportCaseQuery,
  supportCaseView,
} from '@tagtrail/shared/api/support-case.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noQuery } from '../api/schemas.js';
import { closeSupportCase, listSupportCases, openSupportCase, readSupportCase } from './support-cases.js';

const tags = ['Support'];

export function registerSupportCaseRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/support-cases',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Support cases, newest first',
        tags,
        querystring: supportCaseQuery,
        response: { 200: supportCasePage, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    (request) => context.read(request, (asking) => listSupportCases(asking, request.query)),
  );
  api.get(
    '/v1/support-cases/:id',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'One support case',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: supportCaseView, ...problems('not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) => context.read(request, (asking) => readSupportCase(asking, uuidFromId('case', request.params.id))),
  );
  api.post(
    '/v1/support-cases',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Open a support case',
        description:
          'Name nobody in it where the id of a line or a cabinet does. "consent_index" is the line that ' +
          '`npm run diagnostics` left when names were agreed to.',
        tags,
        querystring: noQuery,
        body: newSupportCase,
        response: {
          201: supportCaseView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'invalid-reference'),
        },
      },
    },
    async (request, reply) => {
      const opened = await context.change(request, (asking) => openSupportCase(asking, context.random, request.body));
      return reply.code(201).send(opened);
    },
  );
  api.post(
    '/v1/support-cases/:id/close',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Close a support case; it is deleted on its clock',
        description: `A closed case is deleted ${supportCaseKeepDays} days later; a line of the trail says how many went.`,
        tags,
        params: idParams,
        querystring: noQuery,
        body: supportCaseEnd,
        response: {
          200: supportCaseView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        closeSupportCase(asking, uuidFromId('case', request.params.id), request.body),
      ),
  );
}
