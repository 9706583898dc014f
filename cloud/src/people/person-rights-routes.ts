import { groups } from '@tagtrail/shared/api/group.js';
import { personChange, personView } from '@tagtrail/shared/api/person.js';
import { personRights, setLicences, setPin } from '@tagtrail/shared/api/person-rights.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { idParams, noQuery } from '../api/schemas.js';
import { changePerson } from './change-person.js';
import { readPersonRights, removePersonPin, setPersonLicences, setPersonPin } from './person-rights.js';
import { listGroups } from './read-groups.js';

const tags = ['People'];
const common = { tags, params: idParams, querystring: noQuery } as const;

export function registerPersonRightsRoutes(api: Api, context: ApiContext): void {
  registerPersonChange(api, context);
  api.get(
    '/v1/people/:id/rights',
    {
      schema: {
        summary: 'What a person may do at the cabinets: licences, and whether there is a PIN',
        ...common,
        response: { 200: personRights, ...problems('not-signed-in', 'not-found') },
      },
    },
    (request) => context.read(request, (asking) => readPersonRights(asking, uuidFromId('person', request.params.id))),
  );
  api.put(
    '/v1/people/:id/licences',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: "Set all licences of a person; tools that ask for one are refused by the licence's name",
        ...common,
        body: setLicences,
        response: { 200: personRights, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        setPersonLicences(asking, uuidFromId('person', request.params.id), request.body),
      ),
  );
  api.put(
    '/v1/people/:id/pin',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Set the number and the PIN with which a person signs in without a badge; neither can be read again',
        ...common,
        body: setPin,
        response: {
          200: personRights,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        setPersonPin(asking, context.random, { personId: uuidFromId('person', request.params.id), ...request.body }),
      ),
  );
  api.delete(
    '/v1/people/:id/pin',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Take the PIN of a person away',
        ...common,
        response: { 200: personRights, ...problems('not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) => context.change(request, (asking) => removePersonPin(asking, uuidFromId('person', request.params.id))),
  );
}

function registerPersonChange(api: Api, context: ApiContext): void {
  api.patch(
    '/v1/people/:id',
    {
      preValidation: context.needs('manager'),
      schema: {
        summary: 'Change a person: names, language, groups, until when, and whether the person may see who has what',
        ...common,
        body: personChange,
        response: { 200: personView, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) =>
      context.change(request, (asking) => changePerson(asking, uuidFromId('person', request.params.id), request.body)),
  );
  api.get(
    '/v1/groups',
    {
      schema: {
        summary: 'Groups as people, items and rules name them',
        tags,
        querystring: noQuery,
        response: { 200: groups, ...problems('not-signed-in') },
      },
    },
    (request) => context.read(request, (asking) => listGroups(asking)),
  );
}
