import { z } from 'zod';
import { timeWindow } from '../rules/rulebook.js';
import { page, pageQuery, reference } from './common.js';

const groupName = z.string().trim().min(1).max(60);
const why = z.string().trim().min(1).max(200);
const windows = z.array(timeWindow).min(1).max(50);

export const grantEffect = z.enum(['allow', 'deny']);

/**
 * A right beyond groups: who may or may not take what, and when. A `deny` outweighs every `allow`; an item
 * that any `allow` names is for those alone, and for its groups.
 */
export const grantView = z.strictObject({
  id: z.string(),
  effect: grantEffect,
  /** Whom it is for: a person, else everybody in the group. */
  person: reference.nullable(),
  group: z.string().nullable(),
  /** These items; null for those of the model, or for all. */
  assets: z.array(reference).nullable(),
  /** How many more it names at sites that this user may not see. */
  assets_elsewhere: z.int(),
  model: z.string().nullable(),
  /** Hours in the zone of each cabinet's site; null for always. */
  windows: z.array(timeWindow).nullable(),
  valid_until: z.string().nullable(),
  /** Why: what the cabinet's screen says to whom it is refused. */
  note: z.string().nullable(),
  created_at: z.string(),
});
export type GrantView = z.infer<typeof grantView>;
export const grantPage = page(grantView);

export const grantQuery = z.strictObject({
  ...pageQuery,
  person_id: z.string().optional(),
  group: groupName.optional(),
  /** Grants that hold for this item: those that name it or its model, and those for all items. */
  asset_id: z.string().optional(),
});

/** Either a person or a group; items or a model, or neither for all. A denial says why. */
export const newGrant = z.strictObject({
  effect: grantEffect,
  person_id: z.string().nullable().default(null),
  group: groupName.nullable().default(null),
  asset_ids: z.array(z.string()).min(1).max(1000).nullable().default(null),
  model: z.string().trim().min(1).max(120).nullable().default(null),
  windows: windows.nullable().default(null),
  valid_until: z.iso.datetime().nullable().default(null),
  note: why.nullable().default(null),
});

/** Whom it is for and what it is about stay: for that, end it and add another. */
export const grantChange = z
  .strictObject({
    windows: windows.nullable().optional(),
    valid_until: z.iso.datetime().nullable().optional(),
    note: why.nullable().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change');
