import { utf8Bytes } from '@tagtrail/shared/bytes/utf8.js';
import { AppError } from '@tagtrail/shared/error.js';
import { checkpointText } from '@tagtrail/shared/proof/checkpoint.js';
import { subtreesOf } from '@tagtrail/shared/proof/proof-plan.js';
import { noteKeyText, signatureLine, signNote } from '@tagtrail/shared/proof/signed-note.js';
import { growTiles, partialTiles, rootOfTiles, tilePlaceOf } from '@tagtrail/shared/proof/tiles.js';
import { nodeHashing } from '../store/hashing.js';
import { sql, type Tx } from '../store/sql.js';
import { appendCloudEvent } from '../store/trail.js';
import type { LogSigner } from './log-key.js';
import { readTiles, writeTiles } from './tile-rows.js';

export interface SealedCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note, without cosignatures. */
  readonly note: string;
}

/** Leaves that one transaction takes at most, so that a long backlog is sealed step by step. */
const leavesAtMost = 50_000;

/**
 * Takes the entries that have come since the last checkpoint into the customer's tree and signs the
 * next checkpoint; undefined when nothing has come. One at a time for a customer, so that a size
 * never has two roots.
 *
 * @param former signs beside the signer while it takes over: who knows its key follows to the new one.
 * @param tenant UUID; `tx` is one of `withTenant` for it.
 * @throws AppError `proof.leaf_missing` when an entry is not there or has no leaf.
 */
export async function sealTenant(
  tx: Tx,
  target: { readonly tenant: string; readonly atMs: number },
  signer: LogSigner,
  former?: LogSigner,
): Promise<SealedCheckpoint | undefined> {
  const { tenant, atMs } = target;
  await tx.$executeRaw(sql`select pg_advisory_xact_lock(hashtextextended(${`seal ${tenant}`}, 0))`);
  const { size, next } = await readSizes(tx, tenant);
  if (next === size) return undefined;
  await introduceKey(tx, { ...target, size }, signer);
  const to = Math.min(next, size + leavesAtMost);
  const leaves = await readLeaves(tx, tenant, { from: size, to });
  const before = await readTiles(tx, tenant, partialTiles(size));
  await writeTiles(tx, tenant, growTiles(nodeHashing, { size, tileOf: before }, leaves));
  const root = await readRoot(tx, tenant, to);
  const text = checkpointText({ origin: signer.key.name, size: to, root });
  const beside = former === undefined ? '' : signatureLine(former.key, former.sign(utf8Bytes(text)));
  const note = `${signNote(text, signer)}${beside}`;
  await tx.$executeRaw(sql`
    insert into checkpoint (tenant_id, size, root, note, signed_at)
    values (${tenant}::uuid, ${to}, ${root}, ${note}, ${new Date(atMs)})`);
  return { size: to, root, note };
}

/** The root over the first `size` leaves (at least one), from the tiles. */
export async function readRoot(tx: Tx, tenant: string, size: number): Promise<Uint8Array> {
  const tileOf = await readTiles(tx, tenant, subtreesOf(0, size).map(tilePlaceOf));
  return rootOfTiles(nodeHashing, tileOf, size);
}

async function readSizes(tx: Tx, tenant: string): Promise<{ readonly size: number; readonly next: number }> {
  const rows = await tx.$queryRaw<{ size: bigint; next: bigint }[]>(sql`
    select coalesce((select max(c.size) from checkpoint c where c.tenant_id = h.tenant_id), 0) as size,
      h.next_index as next
    from tenant_head h where h.tenant_id = ${tenant}::uuid`);
  return { size: Number(rows[0]?.size ?? 0n), next: Number(rows[0]?.next ?? 0n) };
}

/** A key that signs for the first time is a line of the trail, sealed by the checkpoint after this one. */
async function introduceKey(
  tx: Tx,
  { tenant, atMs, size }: { readonly tenant: string; readonly atMs: number; readonly size: number },
  signer: LogSigner,
): Promise<void> {
  const key = noteKeyText(signer.key);
  const added = await tx.$executeRaw(sql`
    insert into log_key (tenant_id, note_key, since_size, added_at)
    values (${tenant}::uuid, ${key}, ${size}, ${new Date(atMs)}) on conflict do nothing`);
  if (added === 0) return;
  await appendCloudEvent(tx, { tenant, at: new Date(atMs).toISOString(), kind: 'log.key_added', data: { key } });
}

async function readLeaves(
  tx: Tx,
  tenant: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Uint8Array[]> {
  const rows = await tx.$queryRaw<{ index: bigint; leaf: Uint8Array | null }[]>(sql`
    select e.index, e.leaf from entry e
    where e.tenant_id = ${tenant}::uuid and e.index >= ${from} and e.index < ${to} order by e.index`);
  const leaves = rows.flatMap(({ index, leaf }, place) =>
    leaf !== null && Number(index) === from + place ? [leaf] : [],
  );
  if (leaves.length !== to - from) {
    throw new AppError('proof.leaf_missing', 'The trail has a line without a leaf, or lacks one that is not sealed.', {
      kind: 'bug',
      detail: { tenant, from, to, found: leaves.length },
    });
  }
  return leaves;
}
