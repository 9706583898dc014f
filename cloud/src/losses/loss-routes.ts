import {
  askLoss as askLossBody,
  decideLoss as decideLossBody,
  lossPage,
  lossQuery,
  lossView,
} from '@tagtrail/shared/api/loss.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noQuery } from '../api/schemas.js';
import { askLoss, decideLoss } from './declare-loss.js';
import { listLosses } from './read-losses.js';

const tags = ['Assets'];

/** Tools that are lost for good, which takes two people. */
export function registerLossRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/losses',
    {
      schema: {
        summary: 'Tools that somebody says are lost, newest first, and what another person decided',
        tags,
        querystring: lossQuery,
        response: { 200: lossPage, ...problems('invalid-request', 'invalid-cursor', 'not-signed-in') },
      },
    },
    (request) => context.read(request, (asking) => listLosses(asking, request.query)),
  );
  api.post(
    '/v1/assets/:id/loss',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Say that an asset is lost for good; another person has to confirm',
        tags,
        params: idParams,
        querystring: noQuery,
        body: askLossBody,
        response: {
          201: lossView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    async (request, reply) => {
      const { note } = request.body;
      const assetId = uuidFromId('asset', request.params.id);
      const loss = await context.change(request, (asking) => askLoss(asking, context.random, { assetId, note }));
      return reply.code(201).send(loss);
    },
  );
  registerVerdict(api, context, {
    verdict: 'confirm',
    path: 'confirmation',
    summary: 'Confirm that it is lost: it is retired',
  });
  registerVerdict(api, context, {
    verdict: 'reject',
    path: 'rejection',
    summary: 'Say that it is not lost; whoever said that it is takes it back with this',
  });
}

function registerVerdict(
  api: Api,
  context: ApiContext,
  {
    verdict,
    path,
    summary,
  }: { readonly verdict: 'confirm' | 'reject'; readonly path: string; readonly summary: string },
): void {
  api.post(
    `/v1/losses/:id/${path}`,
    {
      preValidation: context.needs('manager'),
      schema: {
        summary,
        tags,
        params: idParams,
        querystring: noQuery,
        body: decideLossBody,
        response: {
          200: lossView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    (request) => {
      const id = uuidFromId('loss', request.params.id);
      return context.change(request, (asking) => decideLoss(asking, { id, verdict, note: request.body.note }));
    },
  );
}
