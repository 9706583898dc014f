import {
  cabinetCommand,
  enrolmentAnswer,
  enrolmentCode,
  enrolmentRequest,
  sentCommand,
} from '@tagtrail/shared/api/enrolment.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noBody, noQuery } from '../api/schemas.js';
import type { CutOff } from '../cabinets/revoke-cabinet.js';
import { issueCode } from './issue-code.js';
import { type RedeemDeps, redeemCode } from './redeem-code.js';
import { prepareCommand, type SendDown } from './send-command.js';

const tags = ['Cabinets'];
/** Of one address. A person enrols a handful of cabinets in a minute; guessing needs ages. */
const redemptionsPerMinute = 30;

/** Open to everybody: a cabinet has nothing but its code yet. */
export function registerRedemption(api: Api, deps: RedeemDeps & { readonly cutOff?: CutOff }): void {
  api.post(
    '/v1/enrolments',
    {
      config: { rateLimit: { max: redemptionsPerMinute, timeWindow: 60_000 } },
      schema: {
        summary: 'Redeem an enrolment code; called by a cabinet',
        tags,
        security: [],
        querystring: noQuery,
        body: enrolmentRequest,
        response: {
          201: enrolmentAnswer,
          ...problems(
            ...([
              'invalid-request',
              'enrolment-code-unknown',
              'enrolment-code-used',
              'enrolment-code-expired',
            ] as const),
            ...(['enrolment-code-locked', 'too-many-requests'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const enrolled = await redeemCode(deps, request.body);
      // Whoever is connected with the earlier secret is not that cabinet any more.
      await deps.cutOff?.({ tenant: enrolled.tenant, cabinet: enrolled.cabinet } as CabinetAddress);
      return reply.code(201).send(enrolled);
    },
  );
}

export function registerEnrolmentRoutes(api: Api, context: ApiContext, send: SendDown): void {
  api.post(
    '/v1/cabinets/:id/commands',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Tell a connected cabinet to count now, to make itself a new signing key, or to unlock',
        tags,
        params: idParams,
        querystring: noQuery,
        body: cabinetCommand,
        response: {
          202: sentCommand,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    async (request, reply) => {
      const cabinetId = uuidFromId('cabinet', request.params.id);
      const { topic, message } = await context.change(request, (asking) =>
        prepareCommand(asking, context.random, { cabinetId, command: request.body }),
      );
      await send(topic, JSON.stringify(message));
      return reply.code(202).send({ id: message.id, expires_at: message.expiresAt });
    },
  );
  api.post(
    '/v1/cabinets/:id/enrolment-codes',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'A code with which a cabinet enrols itself; valid for 15 minutes, once, shown once',
        tags,
        params: idParams,
        querystring: noQuery,
        body: noBody,
        response: { 201: enrolmentCode, ...problems('not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    async (request, reply) => {
      const cabinetId = uuidFromId('cabinet', request.params.id);
      return reply
        .code(201)
        .send(await context.change(request, (asking) => issueCode(asking, context.random, cabinetId)));
    },
  );
}
