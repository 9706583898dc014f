import { assetRules, itemRuleChange, itemRules, itemRuleView, newItemRule } from '@tagtrail/shared/api/item-rule.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noQuery } from '../api/schemas.js';
import { readAssetRules } from './asset-rules.js';
import { addItemRule, changeItemRule, endItemRule, listItemRules } from './item-rules.js';

const tags = ['Rules'];

/** What items take: licences, and a second person. */
export function registerItemRuleRoutes(api: Api, context: ApiContext): void {
  registerReads(api, context);
  api.post(
    '/v1/item-rules',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Ask for licences or a second person for every item of a model, or of a group',
        tags,
        querystring: noQuery,
        body: newItemRule,
        response: { 201: itemRuleView, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'conflict') },
      },
    },
    async (request, reply) => {
      const rule = await context.change(request, (asking) => addItemRule(asking, context.random, request.body));
      return reply.code(201).send(rule);
    },
  );
  api.patch(
    '/v1/item-rules/:id',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Change what a model or a group of items takes; what is left out stays as it is',
        tags,
        params: idParams,
        querystring: noQuery,
        body: itemRuleChange,
        response: { 200: itemRuleView, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) =>
      context.change(request, (asking) => changeItemRule(asking, uuidFromId('rule', request.params.id), request.body)),
  );
  api.delete(
    '/v1/item-rules/:id',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'End the rule of a model or a group',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: itemRuleView, ...problems('not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) => context.change(request, (asking) => endItemRule(asking, uuidFromId('rule', request.params.id))),
  );
}

function registerReads(api: Api, context: ApiContext): void {
  api.get(
    '/v1/item-rules',
    {
      schema: {
        summary: 'What models and groups of items take: licences, and a second person',
        tags,
        querystring: noQuery,
        response: { 200: itemRules, ...problems('not-signed-in') },
      },
    },
    (request) => context.read(request, (asking) => listItemRules(asking)),
  );
  api.get(
    '/v1/assets/:id/rules',
    {
      schema: {
        summary: 'All that decides who may take an asset, each with where it comes from',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: assetRules, ...problems('not-signed-in', 'not-found') },
      },
    },
    (request) => context.read(request, (asking) => readAssetRules(asking, uuidFromId('asset', request.params.id))),
  );
}
