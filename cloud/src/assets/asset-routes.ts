import { assetChange, assetPage, assetQuery, assetView, bindTag, newAsset } from '@tagtrail/shared/api/asset.js';
import { entryPage, timelineQuery } from '@tagtrail/shared/api/entry.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noQuery } from '../api/schemas.js';
import { readTimeline } from '../entries/timeline.js';
import { changeAsset } from './change-asset.js';
import { bindAssetTag, createAsset } from './create-asset.js';
import { listAssets, readAsset } from './read-assets.js';

const tags = ['Assets'];

export function registerAssetRoutes(api: Api, context: ApiContext): void {
  registerReads(api, context);
  api.post(
    '/v1/assets',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Add an asset, with its tag where it has one',
        tags,
        querystring: noQuery,
        body: newAsset,
        response: {
          201: assetView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'conflict', 'invalid-reference'),
        },
      },
    },
    async (request, reply) => {
      const asset = await context.change(request, (asking) => createAsset(asking, context.random, request.body));
      return reply.code(201).send(asset);
    },
  );
  api.patch(
    '/v1/assets/:id',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Change an asset; what is left out stays as it is',
        tags,
        params: idParams,
        querystring: noQuery,
        body: assetChange,
        response: {
          200: assetView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict', 'invalid-reference'),
        },
      },
    },
    (request) =>
      context.change(request, (asking) => changeAsset(asking, uuidFromId('asset', request.params.id), request.body)),
  );
  api.post(
    '/v1/assets/:id/tag',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Bind a tag to the asset; the one it had is unbound and keeps its history',
        tags,
        params: idParams,
        querystring: noQuery,
        body: bindTag,
        response: {
          200: assetView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        bindAssetTag(asking, context.random, { id: uuidFromId('asset', request.params.id), epc: request.body.epc }),
      ),
  );
}

function registerReads(api: Api, context: ApiContext): void {
  api.get(
    '/v1/assets',
    {
      schema: {
        summary: 'Assets, newest first; retired ones only with state=retired',
        tags,
        querystring: assetQuery,
        response: { 200: assetPage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) => context.read(request, ({ tx, scope, atMs }) => listAssets(tx, { scope, atMs, query: request.query })),
  );
  api.get(
    '/v1/assets/:id',
    {
      schema: {
        summary: 'One asset and where it is',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: assetView, ...problems('not-signed-in', 'not-found') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope, atMs }) =>
        readAsset(tx, scope, { id: uuidFromId('asset', request.params.id), atMs }),
      ),
  );
  api.get(
    '/v1/assets/:id/timeline',
    {
      schema: {
        summary: 'Every line about one asset, newest first',
        tags,
        params: idParams,
        querystring: timelineQuery,
        response: { 200: entryPage, ...problems('invalid-request', 'not-signed-in', 'not-found') },
      },
    },
    (request) =>
      context.read(request, async ({ tx, scope, atMs }) => {
        const asset = uuidFromId('asset', request.params.id);
        await readAsset(tx, scope, { id: asset, atMs });
        return await readTimeline(tx, { scope, atMs, of: { asset }, query: request.query });
      }),
  );
}
