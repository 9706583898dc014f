import { sitePage, siteView } from '@tagtrail/shared/api/cabinet.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, listQuery, noQuery } from '../api/schemas.js';
import { createSite, newSite } from './create-site.js';
import { listSites, readSite } from './read-sites.js';

const tags = ['Sites'];

export function registerSiteRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/sites',
    {
      schema: {
        summary: 'The sites that you may see',
        tags,
        querystring: listQuery,
        response: { 200: sitePage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope }) =>
        listSites(tx, { scope, limit: request.query.limit, cursor: request.query.cursor }),
      ),
  );
  api.get(
    '/v1/sites/:id',
    {
      schema: {
        summary: 'One site',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: siteView, ...problems('not-signed-in', 'not-found') },
      },
    },
    (request) => context.read(request, ({ tx, scope }) => readSite(tx, scope, uuidFromId('site', request.params.id))),
  );
  api.post(
    '/v1/sites',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Add a site',
        tags,
        querystring: noQuery,
        body: newSite,
        response: { 201: siteView, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    async (request, reply) => {
      const site = await context.change(request, (asking) => createSite(asking, context.random, request.body));
      return reply.code(201).send(site);
    },
  );
}
