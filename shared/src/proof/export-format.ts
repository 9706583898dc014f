import { z } from 'zod';
import { utf8Bytes } from '../bytes/utf8.js';
import { canonicalJson, type Json } from '../chain/canonical.js';
import type { Hashing } from './hashing.js';

/**
 * An export of the trail: one JSON object in a line. A header, the custody at the time of the
 * export, then the trail from index 0 on: entries, and the hashes of subtrees in the place of
 * entries that are not in the file; after each tile of 256 entries its hash; and an end.
 */
export const exportFormat = 'tagtrail-export/v1';

/** What was asked for; ids are UUIDs. A member that is null does not narrow the export. */
export const exportFilter = z.strictObject({
  from: z.string().nullable(),
  to: z.string().nullable(),
  site: z.string().nullable(),
  asset: z.string().nullable(),
});
export type ExportFilter = z.infer<typeof exportFilter>;

export const exportHeader = z.strictObject({
  type: z.literal('header'),
  format: z.literal(exportFormat),
  tenant: z.string(),
  exportedAt: z.string(),
  filter: exportFilter,
  /** The person (UUID) whose lines were asked for. */
  person: z.string().nullable(),
  /** Entries recorded before this time may be left out because a retention rule has ended them. */
  expiredBefore: z.string().nullable(),
  /** The export covers the entries below this index. */
  size: z.int().min(1),
  /** The custody is that after the entries below this index; the last of them is the export's own line. */
  custodyAt: z.int().min(1),
  /** Keys of the log as C2SP writes them; the checkpoint is signed by one of them. */
  logKeys: z.array(z.string()).max(1000),
  witnessKeys: z.array(z.string()).max(10_000),
  /** Signed note with cosignatures. */
  checkpoint: z.string(),
});
export type ExportHeader = z.infer<typeof exportHeader>;

/** Where an asset is and who answers for it, as the cloud shows it. */
export const custodyLine = z.strictObject({
  type: z.literal('custody'),
  asset: z.string(),
  state: z.string(),
  holder: z.string().nullable(),
  cabinet: z.string().nullable(),
  session: z.string().nullable(),
  since: z.string(),
  disputed: z.boolean(),
  moved: z.boolean(),
  effectiveAt: z.string(),
  logId: z.string(),
  seq: z.int(),
});
export type CustodyLine = z.infer<typeof custodyLine>;

/**
 * Stands for the entries `from .. to` (exclusive): the complete subtrees over them, base64. They are
 * `absent` (retention deleted them), `expired` (it will) or `filtered` (not asked for, or not the reader's to see).
 */
export const subtreesLine = z.strictObject({
  type: z.literal('subtrees'),
  reason: z.enum(['absent', 'expired', 'filtered']),
  from: z.int().min(0),
  to: z.int().min(1),
  hashes: z.array(z.string()).max(128),
});

export type SubtreesLine = z.infer<typeof subtreesLine>;

/** The hash over the 256 entries of a tile, so that a difference can be told near its place. */
export const tileLine = z.strictObject({ type: z.literal('tile'), index: z.int().min(0), hash: z.string() });

export const endLine = z.strictObject({ type: z.literal('end'), entries: z.int(), withheld: z.int() });

/** The running digest over custody lines; the export's own entry in the trail holds the last one. */
export function nextCustodyDigest(hashing: Pick<Hashing, 'sha256'>, before: Uint8Array, line: CustodyLine): Uint8Array {
  const text = utf8Bytes(canonicalJson(line as unknown as Json));
  const bytes = new Uint8Array(32 + text.length);
  bytes.set(before);
  bytes.set(text, 32);
  return hashing.sha256(bytes);
}

export const noCustodyDigest = new Uint8Array(32);
