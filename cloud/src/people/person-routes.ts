import { entryPage, timelineQuery } from '@tagtrail/shared/api/entry.js';
import {
  departPerson as departPersonBody,
  issueBadge,
  newPerson,
  personDeparture,
  personPage,
  personQuery,
  personView,
  revokeBadge,
} from '@tagtrail/shared/api/person.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noQuery } from '../api/schemas.js';
import { readTimeline } from '../entries/timeline.js';
import { createPerson } from './create-person.js';
import { departPerson } from './departure.js';
import { issuePersonBadge, revokePersonBadge } from './person-badges.js';
import { listPeople, readPerson } from './read-people.js';

const tags = ['People'];

export function registerPersonRoutes(api: Api, context: ApiContext): void {
  registerReads(api, context);
  api.post(
    '/v1/people',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Add a person',
        tags,
        querystring: noQuery,
        body: newPerson,
        response: { 201: personView, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    async (request, reply) => {
      const person = await context.change(request, (asking) => createPerson(asking, context.random, request.body));
      return reply.code(201).send(person);
    },
  );
  api.post(
    '/v1/people/:id/badges',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Give a person a badge; only a keyed hash of its number is kept',
        tags,
        params: idParams,
        querystring: noQuery,
        body: issueBadge,
        response: {
          201: personView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    async (request, reply) => {
      const badge = { personId: uuidFromId('person', request.params.id), number: request.body.number };
      const person = await context.change(request, (asking) => issuePersonBadge(asking, context.random, badge));
      return reply.code(201).send(person);
    },
  );
  api.post(
    '/v1/people/:id/departure',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'A person leaves for good: nothing of theirs opens a cabinet any more',
        description:
          'Badges, PIN, licences, grants, groups and places in orders end. The name goes when retention has taken the last line about the person. Answers what is still out.',
        tags,
        params: idParams,
        querystring: noQuery,
        body: departPersonBody,
        response: {
          200: personDeparture,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        departPerson(asking, { personId: uuidFromId('person', request.params.id), reason: request.body.reason }),
      ),
  );
  api.post(
    '/v1/badges/:id/revoke',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'End a badge; it opens nothing as soon as the cabinets have heard of it',
        tags,
        params: idParams,
        querystring: noQuery,
        body: revokeBadge,
        response: {
          200: personView,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        revokePersonBadge(asking, { badgeId: uuidFromId('badge', request.params.id), reason: request.body.reason }),
      ),
  );
}

function registerReads(api: Api, context: ApiContext): void {
  api.get(
    '/v1/people',
    {
      schema: {
        summary: 'People, newest first',
        tags,
        querystring: personQuery,
        response: { 200: personPage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) => context.read(request, (asking) => listPeople(asking, request.query)),
  );
  api.get(
    '/v1/people/:id',
    {
      schema: {
        summary: 'One person',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: personView, ...problems('not-signed-in', 'not-found') },
      },
    },
    (request) => context.read(request, (asking) => readPerson(asking, uuidFromId('person', request.params.id))),
  );
  api.get(
    '/v1/people/:id/timeline',
    {
      schema: {
        summary: 'Every line that names one person, newest first',
        tags,
        params: idParams,
        querystring: timelineQuery,
        response: { 200: entryPage, ...problems('invalid-request', 'not-signed-in', 'not-found') },
      },
    },
    (request) =>
      context.read(request, async (asking) => {
        const { tx, scope, atMs } = asking;
        const person = uuidFromId('person', request.params.id);
        await readPerson(asking, person);
        return await readTimeline(tx, { scope, atMs, of: { person }, query: request.query });
      }),
  );
}
