import type { ConsistencyView, InclusionView, TileView } from '@tagtrail/shared/api/proof.js';
import { base64OfBytes } from '@tagtrail/shared/bytes/base64.js';
import { proofFileText } from '@tagtrail/shared/proof/proof-file.js';
import { consistencyPlan, inclusionPlan, type Range } from '@tagtrail/shared/proof/proof-plan.js';
import { nodeHash, rangeHash, tilePlaceOf } from '@tagtrail/shared/proof/tiles.js';
import { notFound } from '../api/problem.js';
import type { Scope } from '../auth/scope.js';
import { entriesInScope, unexpired } from '../entries/read-entries.js';
import { readCutoffs } from '../retention/read-rules.js';
import { nodeHashing } from '../store/hashing.js';
import { type LineRow, lineColumns, storedLine } from '../store/read-lines.js';
import { sql, type Tx } from '../store/sql.js';
import { readCheckpoint } from './read-checkpoints.js';
import { readTiles } from './tile-rows.js';
import { visibleLine } from './visible-line.js';

/**
 * The proof that an entry stands in the trail, in the smallest checkpoint of at least `size` entries
 * that covers it. An entry that has been deleted keeps its proof; one that the scope may not see has none.
 * @throws ApiProblem `not-found`.
 */
export async function readInclusion(
  tx: Tx,
  asked: { readonly scope: Scope; readonly atMs: number; readonly index: number; readonly size: number | undefined },
): Promise<InclusionView> {
  const { scope, index } = asked;
  const line = await readVisibleLine(tx, asked);
  const checkpoint = await readCheckpoint(tx, scope.tenantId, Math.max(index + 1, asked.size ?? 0));
  const plan = inclusionPlan(index, checkpoint.size);
  const [leaf, ...path] = await hashesOf(tx, scope.tenantId, [[{ level: 0, index }], ...plan]);
  if (leaf === undefined) throw notFound('entry');
  return {
    index,
    size: checkpoint.size,
    leaf: base64OfBytes(leaf),
    path: path.map(base64OfBytes),
    file: proofFileText({ index: BigInt(index), path, checkpoint: checkpoint.note }),
    line,
  };
}

/**
 * The proof that the trail of size `to` begins with that of size `from`.
 * @throws ApiProblem `not-found` beyond what is sealed.
 */
export async function readConsistency(
  tx: Tx,
  tenant: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ConsistencyView> {
  const sealed = await readCheckpoint(tx, tenant);
  if (from > to || to > sealed.size) throw notFound('checkpoint');
  const path = await hashesOf(tx, tenant, consistencyPlan(from, to));
  return { from, to, path: path.map(base64OfBytes) };
}

/** @throws ApiProblem `not-found`. */
export async function readTile(
  tx: Tx,
  tenant: string,
  place: { readonly level: number; readonly index: number },
): Promise<TileView> {
  const hashes = (await readTiles(tx, tenant, [place]))(place.level, place.index);
  if (hashes === undefined) throw notFound('tile');
  return { ...place, width: hashes.length / 32, hashes: base64OfBytes(hashes) };
}

/** The hashes over these ranges of leaves. @throws RangeError beyond what is sealed. */
export async function hashesOf(tx: Tx, tenant: string, ranges: readonly Range[]): Promise<readonly Uint8Array[]> {
  const tileOf = await readTiles(tx, tenant, ranges.flat().map(tilePlaceOf));
  return ranges.map((range) =>
    range.length === 1 && range[0] !== undefined
      ? nodeHash(nodeHashing, tileOf, range[0])
      : rangeHash(nodeHashing, tileOf, range),
  );
}

/** The line, or null when it is deleted or its time is over. @throws ApiProblem `not-found` outside the scope. */
async function readVisibleLine(
  tx: Tx,
  { scope, atMs, index }: { readonly scope: Scope; readonly atMs: number; readonly index: number },
): Promise<Record<string, unknown> | null> {
  const cutoffs = await readCutoffs(tx, scope.tenantId, atMs);
  const rows = await tx.$queryRaw<(LineRow & { readonly in_scope: boolean; readonly is_unexpired: boolean })[]>(sql`
    select ${lineColumns}, (${entriesInScope(scope)}) as in_scope, (${unexpired(cutoffs)}) as is_unexpired
    from entry e where e.tenant_id = ${scope.tenantId}::uuid and e.index = ${index}`);
  const row = rows[0];
  if (row === undefined) {
    // Whose site a deleted line was of is not known any more: only those who see all sites get its proof.
    if (scope.siteIds !== null) throw notFound('entry');
    return null;
  }
  if (!row.in_scope) throw notFound('entry');
  return row.is_unexpired ? visibleLine(storedLine(row), cutoffs) : null;
}
