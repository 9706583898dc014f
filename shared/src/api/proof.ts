import { z } from 'zod';
import { page } from './common.js';

/** Hashes are 32 bytes in base64. */
const hash = z.string().max(44);
const size = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** A signed statement of how long the trail is and what its root is. */
export const checkpointView = z.strictObject({
  /** Entries that it covers: those with an index below it. */
  size: z.int(),
  root: hash,
  signed_at: z.string(),
  /** C2SP signed note: the checkpoint, the log's signature, and the cosignatures of cabinets. */
  note: z.string(),
  witnesses: z.array(z.strictObject({ cabinet: z.string(), signed_at: z.string() })),
});
export type CheckpointView = z.infer<typeof checkpointView>;
export const checkpointPage = page(checkpointView);

/** The public keys that have signed checkpoints, as C2SP note keys, newest first. */
export const logKeys = z.strictObject({
  origin: z.string(),
  data: z.array(z.strictObject({ key: z.string(), since_size: z.int(), added_at: z.string() })),
});

export const tileParams = z.strictObject({
  level: z.coerce.number().int().min(0).max(6),
  index: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
});
export const tileView = z.strictObject({
  level: z.int(),
  index: z.int(),
  /** How many hashes there are: 256 in a full tile. */
  width: z.int(),
  /** All hashes one after the other, base64. */
  hashes: z.string(),
});
export type TileView = z.infer<typeof tileView>;

export const inclusionQuery = z.strictObject({ size: size.optional() });
export const inclusionView = z.strictObject({
  index: z.int(),
  size: z.int(),
  leaf: hash,
  /** From the leaf to the root (RFC 9162 section 2.1.3). */
  path: z.array(hash),
  /** The same as a file that proves it offline (C2SP tlog-proof). */
  file: z.string(),
  /** The entry as its leaf covers it, with what opens its commitments; null once it is deleted. */
  line: z.record(z.string(), z.unknown()).nullable(),
});
export type InclusionView = z.infer<typeof inclusionView>;

export const consistencyQuery = z.strictObject({ from: size, to: size });
export const consistencyView = z.strictObject({
  from: z.int(),
  to: z.int(),
  /** RFC 9162 section 2.1.4. */
  path: z.array(hash),
});
export type ConsistencyView = z.infer<typeof consistencyView>;

/** `GET /v1/trail/export`: what to narrow the export to; everything without it. */
export const exportQuery = z.strictObject({
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  site_id: z.string().max(80).optional(),
  asset_id: z.string().max(80).optional(),
  person_id: z.string().max(80).optional(),
});
export type ExportQuery = z.infer<typeof exportQuery>;
