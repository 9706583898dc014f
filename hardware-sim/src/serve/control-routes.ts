import { epc, shortText } from '@tagtrail/shared/events/fields.js';
import { type CabinetState, cabinetState, faultCatalogue } from '@tagtrail/shared/simulator/control-protocol.js';
import { z } from 'zod';
import { faults } from '../behaviours/catalogue.js';
import type { Cabinet } from './cabinet.js';
import { badgeNumber, deviceNames } from './cabinet-file.js';
import { stateOf } from './cabinet-state.js';

/** How long a badge is held to the reader when nobody says otherwise: long enough for several frames. */
const usualHoldMs = 600;

const doorParams = z.strictObject({ door: z.coerce.number().int().min(1).max(64) });
const epcParams = z.strictObject({ epc: z.string().toUpperCase().pipe(epc) });

const badgeBody = z.strictObject({
  number: badgeNumber.describe('ten hexadecimal digits; any number, not only those in the cabinet file'),
  heldMs: z.int().min(0).max(60_000).default(usualHoldMs).describe('how long it is held to the reader'),
});
const openBody = z
  .strictObject({ force: z.boolean().default(false).describe('breaks a locked door open') })
  .default({ force: false });
const tagBody = z.strictObject({
  epc: z.string().toUpperCase().pipe(epc),
  inside: z.boolean(),
  antenna: z.int().min(1).max(4).optional().describe('nearest to its place'),
  label: shortText.optional(),
  shadowed: z.boolean().optional().describe('lies behind metal'),
});
const faultBody = z.strictObject({
  fault: z.string().min(1).max(60).describe('a name from GET /faults'),
  device: z.enum(deviceNames).optional().describe('may be left out when only one device can have the fault'),
  on: z.boolean().default(true).describe('false ends it'),
  forMs: z.int().min(1).max(86_400_000).optional().describe('ends it by itself'),
  options: z.record(z.string(), z.unknown()).optional(),
});

/** One thing that can be asked of the control, checked and carried out. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{name}` marks a parameter. */
  readonly path: string;
  readonly sentence: string;
  /** A body that works, for the help page. */
  readonly example?: string;
  readonly params: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  readonly result: z.ZodType;
  run(cabinet: Cabinet, input: { readonly params: unknown; readonly body: unknown }): unknown;
}

interface RouteDefinition<P extends z.ZodType, B extends z.ZodType> {
  readonly method: ControlRoute['method'];
  readonly path: string;
  readonly sentence: string;
  readonly example?: string;
  readonly params?: P;
  readonly body?: B;
  readonly result?: z.ZodType;
  readonly run: (cabinet: Cabinet, input: { readonly params: z.output<P>; readonly body: z.output<B> }) => unknown;
}

function defineRoute<P extends z.ZodType, B extends z.ZodType>(route: RouteDefinition<P, B>): ControlRoute {
  return {
    ...route,
    params: route.params,
    body: route.body,
    result: route.result ?? cabinetState,
    run: (cabinet, { params, body }) =>
      route.run(cabinet, { params: params as z.output<P>, body: body as z.output<B> }),
  };
}

/** Every route answers with the state that it leads to, unless it says otherwise. */
export const controlRoutes: readonly ControlRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/state',
    sentence: 'Doors, tags, badges, devices with their ports, faults and counters, and the seed.',
    run: (cabinet) => stateOf(cabinet),
  }),
  defineRoute({
    method: 'POST',
    path: '/badge',
    sentence: 'Holds a badge to the reader.',
    example: '{"number":"1F00644BB6"}',
    body: badgeBody,
    run: (cabinet, { body }): CabinetState => {
      cabinet.badgeReader.present(body.number, body.heldMs);
      return stateOf(cabinet);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/door/{door}/open',
    sentence: 'Pulls at a door. A locked one stays closed (409) unless "force" breaks it open.',
    example: '{"force":false}',
    params: doorParams,
    body: openBody,
    run: (cabinet, { params, body }) => {
      cabinet.openDoor(params.door, body.force);
      return stateOf(cabinet);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/door/{door}/close',
    sentence: 'Pushes a door shut; it locks. Answers when it has swung to its frame.',
    params: doorParams,
    run: async (cabinet, { params }) => {
      await cabinet.pushDoor(params.door);
      return stateOf(cabinet);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/tags',
    sentence: 'Puts a tag into the cabinet or takes it out. An unknown tag is added.',
    example: '{"epc":"E28011606000020512345678","inside":true,"antenna":1}',
    body: tagBody,
    run: (cabinet, { body }) => {
      const { antenna, label, shadowed, ...tag } = body;
      cabinet.placeTag({
        ...tag,
        ...(antenna === undefined ? {} : { antenna }),
        ...(label === undefined ? {} : { label }),
        ...(shadowed === undefined ? {} : { shadowed }),
      });
      return stateOf(cabinet);
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/tags/{epc}',
    sentence: 'Forgets a tag: it was never here.',
    params: epcParams,
    run: (cabinet, { params }) => {
      cabinet.removeTag(params.epc);
      return stateOf(cabinet);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/faults',
    sentence: 'Everything that can go wrong, what it does, and its options.',
    result: faultCatalogue,
    run: () =>
      faults.map(({ name, also, sentence, devices, options }) => ({
        fault: name,
        also,
        sentence,
        devices,
        options: z.toJSONSchema(options, { io: 'input' }),
      })),
  }),
  defineRoute({
    method: 'POST',
    path: '/faults',
    sentence: 'Begins or ends a fault.',
    example: '{"fault":"unplug","device":"uhf","on":true,"forMs":5000}',
    body: faultBody,
    run: (cabinet, { body }) => {
      const { fault, device, forMs, options } = body;
      const request = {
        fault,
        ...(device === undefined ? {} : { device }),
        ...(forMs === undefined ? {} : { forMs }),
        ...(options === undefined ? {} : { options }),
      };
      if (body.on) cabinet.faults.begin(request);
      else cabinet.faults.end(request);
      return stateOf(cabinet);
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/faults',
    sentence: 'Ends every fault.',
    run: (cabinet) => {
      cabinet.faults.endAll();
      return stateOf(cabinet);
    },
  }),
];
