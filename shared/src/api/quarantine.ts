import { z } from 'zod';
import { shortText } from '../events/fields.js';
import { newCabinet } from './cabinet.js';
import { page, pageQuery, reference } from './common.js';

/**
 * Why something was set aside. `unknown_tag` arrived in good order; nobody has registered what it is on.
 * `unknown_cabinet` says that it is a cabinet of this customer.
 */
export const quarantineReason = z.enum([
  'unknown_tag',
  'unknown_cabinet',
  'bad_content',
  'bad_signature',
  'fork',
  'unreadable',
  'unstorable',
  'forbidden',
]);
export type QuarantineReason = z.infer<typeof quarantineReason>;

export const quarantineState = z.enum(['open', 'adopted', 'rejected']);
export type QuarantineState = z.infer<typeof quarantineState>;

/** Something that arrived and could not be believed, or a tag that nobody registered. Nothing is dropped silently. */
export const quarantineView = z.strictObject({
  id: z.string(),
  state: quarantineState,
  /** When it came first, and last. */
  at: z.string(),
  last_at: z.string(),
  occurrences: z.int(),
  /** For a tag the one that saw it last. */
  cabinet: reference.nullable(),
  reason: z.string(),
  detail: z.string(),
  sequence: z.int().nullable(),
  epc: z.string().nullable(),
  /** What the tag was bound to. */
  asset: reference.nullable(),
  /** Null where nobody decided: the tag was bound to an asset elsewhere. */
  decided_by: reference.nullable(),
  decided_at: z.string().nullable(),
  note: z.string().nullable(),
});
export type QuarantineView = z.infer<typeof quarantineView>;
export const quarantinePage = page(quarantineView);

export const quarantineQuery = z.strictObject({
  ...pageQuery,
  state: quarantineState.optional(),
  reason: quarantineReason.optional(),
});

/**
 * A tag goes to an asset that exists or to a new one, a cabinet that is not known to a site; for a bad event
 * `note` says what a person accepts of it.
 */
export const adoptQuarantined = z.strictObject({
  asset_id: z.string().optional(),
  new_asset: z
    .strictObject({
      name: z.string().trim().min(1).max(120),
      home_cabinet_id: z.string().nullable().default(null),
    })
    .optional(),
  new_cabinet: newCabinet.optional(),
  note: shortText.trim().min(1).optional(),
});
export type AdoptQuarantined = z.input<typeof adoptQuarantined>;

export const rejectQuarantined = z.strictObject({ reason: shortText.trim().min(1) });
