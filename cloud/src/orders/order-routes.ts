import { entryPage, timelineQuery } from '@tagtrail/shared/api/entry.js';
import { newOrder, orderChange, orderPage, orderQuery, orderView } from '@tagtrail/shared/api/order.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noBody, noQuery } from '../api/schemas.js';
import { readTimeline } from '../entries/timeline.js';
import { changeOrder, closeOrder, createOrder, listOrders, readOrder } from './work-orders.js';

const tags = ['Orders'];

export function registerOrderRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/orders',
    {
      schema: {
        summary: 'Work orders, newest first',
        tags,
        querystring: orderQuery,
        response: { 200: orderPage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) => context.read(request, (asking) => listOrders(asking, request.query)),
  );
  api.post(
    '/v1/orders',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Open a work order; people choose it when they sign in at a cabinet',
        tags,
        querystring: noQuery,
        body: newOrder,
        response: {
          201: orderView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'conflict', 'invalid-reference'),
        },
      },
    },
    async (request, reply) => {
      const order = await context.change(request, (asking) => createOrder(asking, context.random, request.body));
      return reply.code(201).send(order);
    },
  );
  api.patch(
    '/v1/orders/:id',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Change the title of an open order, for whom it is and which cabinets offer it',
        tags,
        params: idParams,
        querystring: noQuery,
        body: orderChange,
        response: {
          200: orderView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict', 'invalid-reference'),
        },
      },
    },
    (request) =>
      context.change(request, (asking) => changeOrder(asking, uuidFromId('order', request.params.id), request.body)),
  );
  api.post(
    '/v1/orders/:id/close',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Close a work order; cabinets offer it no more',
        tags,
        params: idParams,
        querystring: noQuery,
        body: noBody,
        response: { 200: orderView, ...problems('not-signed-in', 'not-allowed', 'not-found', 'conflict') },
      },
    },
    (request) => context.change(request, (asking) => closeOrder(asking, uuidFromId('order', request.params.id))),
  );
  api.get(
    '/v1/orders/:id/timeline',
    {
      schema: {
        summary: 'Every line that was recorded for one order, newest first',
        tags,
        params: idParams,
        querystring: timelineQuery,
        response: { 200: entryPage, ...problems('invalid-request', 'not-signed-in', 'not-found') },
      },
    },
    (request) =>
      context.read(request, async (asking) => {
        const { tx, scope, atMs } = asking;
        const order = uuidFromId('order', request.params.id);
        await readOrder(asking, order);
        return await readTimeline(tx, { scope, atMs, of: { order }, query: request.query });
      }),
  );
}
