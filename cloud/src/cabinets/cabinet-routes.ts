import { assetPage } from '@tagtrail/shared/api/asset.js';
import {
  cabinetChange,
  cabinetPage,
  cabinetRevocation,
  cabinetView,
  newCabinet,
} from '@tagtrail/shared/api/cabinet.js';
import { entryPage, timelineQuery } from '@tagtrail/shared/api/entry.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import { cabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { z } from 'zod';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, listQuery, noQuery } from '../api/schemas.js';
import { listAssets } from '../assets/read-assets.js';
import { readTimeline } from '../entries/timeline.js';
import { changeCabinet } from './change-cabinet.js';
import { type CabinetReach, createCabinet } from './create-cabinet.js';
import { listCabinets, readCabinet } from './read-cabinets.js';
import { type CutOff, revokeCabinet } from './revoke-cabinet.js';

const tags = ['Cabinets'];

/** The credentials are shown in this answer and never again. */
const createdCabinet = z.strictObject({ cabinet: cabinetView, credentials: cabinetCredentials });

export function registerCabinetRoutes(
  api: Api,
  context: ApiContext,
  reach: CabinetReach & { readonly cutOff?: CutOff },
): void {
  registerReads(api, context);
  registerChange(api, context);
  registerRevocation(api, context, reach.cutOff ?? (async () => {}));
  api.post(
    '/v1/cabinets',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Add a cabinet; its credentials are shown once',
        tags,
        querystring: noQuery,
        body: newCabinet,
        response: {
          201: createdCabinet,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'invalid-reference'),
        },
      },
    },
    async (request, reply) => {
      const made = await context.change(request, (asking) =>
        createCabinet(asking, { random: context.random, ...reach, cabinet: request.body }),
      );
      return reply.code(201).send(made);
    },
  );
}

function registerChange(api: Api, context: ApiContext): void {
  api.patch(
    '/v1/cabinets/:id',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Change what a cabinet is called, or whether it opens to two persons only',
        tags,
        params: idParams,
        querystring: noQuery,
        body: cabinetChange,
        response: { 200: cabinetView, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        changeCabinet(asking, uuidFromId('cabinet', request.params.id), request.body),
      ),
  );
}

function registerRevocation(api: Api, context: ApiContext, cutOff: CutOff): void {
  api.post(
    '/v1/cabinets/:id/revocation',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Cut a cabinet off, as after a theft; it comes back by enrolling again',
        tags,
        params: idParams,
        querystring: noQuery,
        body: cabinetRevocation,
        response: { 200: cabinetView, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    async (request) => {
      const id = uuidFromId('cabinet', request.params.id);
      const revoked = await context.change(request, (asking) => revokeCabinet(asking, id, request.body.reason));
      await cutOff(revoked.address);
      return revoked.cabinet;
    },
  );
}

function registerReads(api: Api, context: ApiContext): void {
  api.get(
    '/v1/cabinets',
    {
      schema: {
        summary: 'Cabinets as the board shows them',
        tags,
        querystring: listQuery,
        response: { 200: cabinetPage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope, atMs }) =>
        listCabinets(tx, { scope, atMs, limit: request.query.limit, cursor: request.query.cursor }),
      ),
  );
  api.get(
    '/v1/cabinets/:id',
    {
      schema: {
        summary: 'One cabinet',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: cabinetView, ...problems('not-signed-in', 'not-found') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope, atMs }) =>
        readCabinet(tx, scope, { id: uuidFromId('cabinet', request.params.id), atMs }),
      ),
  );
  api.get(
    '/v1/cabinets/:id/contents',
    {
      schema: {
        summary: 'What is at home in a cabinet or lies in it',
        tags,
        params: idParams,
        querystring: listQuery,
        response: { 200: assetPage, ...problems('invalid-request', 'not-signed-in', 'not-found') },
      },
    },
    (request) =>
      context.read(request, async ({ tx, scope, atMs }) => {
        await readCabinet(tx, scope, { id: uuidFromId('cabinet', request.params.id), atMs });
        const { limit, cursor } = request.query;
        return await listAssets(tx, { scope, atMs, query: { limit, cursor, cabinet_id: request.params.id } });
      }),
  );
  api.get(
    '/v1/cabinets/:id/timeline',
    {
      schema: {
        summary: 'Every line about one cabinet, newest first',
        tags,
        params: idParams,
        querystring: timelineQuery,
        response: { 200: entryPage, ...problems('invalid-request', 'not-signed-in', 'not-found') },
      },
    },
    (request) =>
      context.read(request, async ({ tx, scope, atMs }) => {
        const cabinet = uuidFromId('cabinet', request.params.id);
        await readCabinet(tx, scope, { id: cabinet, atMs });
        return await readTimeline(tx, { scope, atMs, of: { cabinet }, query: request.query });
      }),
  );
}
