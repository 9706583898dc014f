import {
  approveOffBoarding as approveBody,
  askOffBoarding as askBody,
  offBoardingAnswer,
  offBoardingView,
} from '@tagtrail/shared/api/off-boarding.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { noBody, noQuery } from '../api/schemas.js';
import { approveOffBoarding, askOffBoarding, stopOffBoarding } from './decide-off-boarding.js';
import { readOffBoarding } from './read-off-boarding.js';

const tags = ['Off-boarding'];

/** The end of a contract, which takes two administrators. */
export function registerOffBoardingRoutes(
  api: Api,
  context: ApiContext,
  { noticeDays }: { readonly noticeDays: number },
): void {
  api.get(
    '/v1/off-boarding',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Whether everything of the customer is to be removed, and how far that has come',
        tags,
        querystring: noQuery,
        response: { 200: offBoardingAnswer, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    (request) => context.read(request, async (asking) => ({ off_boarding: await readOffBoarding(asking) })),
  );
  api.post(
    '/v1/off-boarding',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Ask that everything is removed when the contract ends; another administrator has to agree',
        description:
          'Export the whole trail (`GET /v1/trail/export`) before somebody agrees. What stays for `record_days` after ' +
          'the contract is its name, its end and a signed receipt.',
        tags,
        querystring: noQuery,
        body: askBody,
        response: { 201: offBoardingView, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'conflict') },
      },
    },
    async (request, reply) => {
      const view = await context.change(request, (asking) => askOffBoarding(asking, request.body));
      return reply.code(201).send(view);
    },
  );
  const decided = {
    200: offBoardingView,
    ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
  };
  api.post(
    '/v1/off-boarding/approval',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Agree to what another administrator asked for; the notice begins',
        tags,
        querystring: noQuery,
        body: approveBody,
        response: decided,
      },
    },
    (request) => context.change(request, (asking) => approveOffBoarding(asking, { ...request.body, noticeDays })),
  );
  api.post(
    '/v1/off-boarding/rejection',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Everything stays: refuse, take the own question back, or stop what was agreed before its day',
        tags,
        querystring: noQuery,
        body: noBody,
        response: decided,
      },
    },
    (request) => context.change(request, (asking) => stopOffBoarding(asking)),
  );
}
