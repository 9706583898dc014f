import { z } from 'zod';
import { epc } from '../events/fields.js';
import { page, pageQuery, reference } from './common.js';

/** `unknown` while nothing has been heard of it; `missing` is expected inside, not read and not signed for. */
export const assetState = z.enum([
  'available',
  'out',
  'missing',
  'disputed',
  'quarantine',
  'calibration',
  'retired',
  'unknown',
]);
export type AssetState = z.infer<typeof assetState>;

export const assetView = z.strictObject({
  id: z.string(),
  name: z.string(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  epc: z.string().nullable(),
  /** The EPC as a GS1 URI: an identity where it decodes, `urn:epc:raw:...` otherwise. */
  epc_uri: z.string().nullable(),
  state: assetState,
  home: reference.nullable(),
  site: reference.nullable(),
  /** Where it was last known to be inside. */
  cabinet: reference.nullable(),
  holder: reference.nullable(),
  /** Since when the state holds. */
  since: z.string().nullable(),
  session: z.string().nullable(),
  disputed: z.boolean(),
  calibration_due_at: z.string().nullable(),
  groups: z.array(z.string()),
  /** Every one of these licences is needed to take it; rules of its model and its groups may ask for more. */
  licences: z.array(z.string()),
  /** It is taken only with a second person's badge. */
  two_person: z.boolean(),
  /** Where in the cabinet it lies, in words. */
  place: z.string().nullable(),
  /** The kit that it travels with. */
  kit: reference.nullable(),
  /** What the state rests on: false while the cabinet concerned has not reported. */
  fresh: z.boolean(),
  as_of: z.string().nullable(),
});
export type AssetView = z.infer<typeof assetView>;
export const assetPage = page(assetView);

export const assetQuery = z.strictObject({
  ...pageQuery,
  /** Part of a name, model, serial or EPC. */
  q: z.string().max(100).optional(),
  state: assetState.optional(),
  site_id: z.string().optional(),
  cabinet_id: z.string().optional(),
  holder_id: z.string().optional(),
});

const licenceNames = z.array(z.string().trim().min(1).max(120)).max(20);

export const newAsset = z.strictObject({
  name: z.string().trim().min(1).max(120),
  model: z.string().max(120).nullable().default(null),
  serial: z.string().max(120).nullable().default(null),
  epc: epc.nullable().default(null),
  home_cabinet_id: z.string().nullable().default(null),
  groups: z.array(z.string().min(1).max(60)).max(50).default([]),
  calibration_due_at: z.iso.datetime().nullable().default(null),
  licences: licenceNames.default([]),
  two_person: z.boolean().default(false),
  place: z.string().trim().min(1).max(120).nullable().default(null),
});

export const assetChange = z
  .strictObject({
    name: z.string().trim().min(1).max(120).optional(),
    model: z.string().max(120).nullable().optional(),
    home_cabinet_id: z.string().nullable().optional(),
    groups: z.array(z.string().min(1).max(60)).max(50).optional(),
    calibration_due_at: z.iso.datetime().nullable().optional(),
    licences: licenceNames.optional(),
    two_person: z.boolean().optional(),
    place: z.string().trim().min(1).max(120).nullable().optional(),
    status: z.enum(['available', 'quarantine', 'retired']).optional(),
    reason: z.string().max(200).optional(),
  })
  .refine((change) => Object.keys(change).some((name) => name !== 'reason'), 'nothing to change');

export const bindTag = z.strictObject({ epc });
