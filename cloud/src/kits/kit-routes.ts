import { kitPage, kitQuery, kitView, setKit as setKitBody } from '@tagtrail/shared/api/kit.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noQuery } from '../api/schemas.js';
import { listKits, readKit } from './read-kits.js';
import { endKit, setKit } from './set-kit.js';

const tags = ['Kits'];

/** Kits and toolboxes: what travels together, and whether it is complete. */
export function registerKitRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/kits',
    {
      schema: {
        summary: 'Kits and toolboxes with their children, newest first',
        tags,
        querystring: kitQuery,
        response: { 200: kitPage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) => context.read(request, (asking) => listKits(asking, request.query)),
  );
  api.get(
    '/v1/kits/:id',
    {
      schema: {
        summary: 'One kit with its children; the id is that of the asset that is the kit',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: kitView, ...problems('not-signed-in', 'not-found') },
      },
    },
    (request) => context.read(request, (asking) => readKit(asking, uuidFromId('asset', request.params.id))),
  );
  api.put(
    '/v1/kits/:id',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Make an asset a kit of these children, in place of those it had',
        tags,
        params: idParams,
        querystring: noQuery,
        body: setKitBody,
        response: {
          200: kitView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict', 'invalid-reference'),
        },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        setKit(asking, uuidFromId('asset', request.params.id), request.body.children_ids),
      ),
  );
  api.delete(
    '/v1/kits/:id',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'End a kit: its children are by themselves again',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: kitView, ...problems('not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) => context.change(request, (asking) => endKit(asking, uuidFromId('asset', request.params.id))),
  );
}
