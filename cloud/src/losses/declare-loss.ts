import type { AssetState } from '@tagtrail/shared/api/asset.js';
import type { LossView } from '@tagtrail/shared/api/loss.js';
import { idFromUuid, newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import { type AssetRow, factsOf } from '../assets/asset-row.js';
import { assetState } from '../assets/asset-state.js';
import { readAssetRow } from '../assets/read-assets.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { readLoss, readLossRow } from './read-losses.js';

/** What is counted inside is not lost, and what is retired has been written off. */
const never: ReadonlySet<AssetState> = new Set(['available', 'calibration', 'retired']);

/**
 * Says that a tool is lost for good. Nothing changes about it until another person has confirmed.
 * @throws ApiProblem `not-found`, `conflict` when it lies in a cabinet by the last count, or somebody has asked before.
 */
export async function askLoss(
  asking: Asking,
  random: Random,
  { assetId, note }: { readonly assetId: string; readonly note: string },
): Promise<LossView> {
  const { tx, scope, atMs } = asking;
  const asset = await lockedAsset(asking, assetId);
  requireGone(asset, atMs);
  const id = newUuid(atMs, random);
  const index = await recordChange(asking, {
    kind: 'asset.loss_asked',
    data: { loss: idFromUuid('loss', id), note },
    ...{ assetId, siteId: asset.site_id },
  });
  const made = await tx.$executeRaw(sql`
    insert into loss (tenant_id, id, asset_id, asked_at, asked_index)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${assetId}::uuid, ${new Date(atMs)}, ${index}) on conflict do nothing`);
  if (made === 0)
    throw new ApiProblem('conflict', 'Somebody has said so before: another person has to decide on that.');
  return await readLoss(asking, id);
}

/**
 * The second person's word. Whoever asked may take it back, and may not confirm it.
 * @throws ApiProblem `not-found`, `conflict`, `not-allowed`.
 */
export async function decideLoss(
  asking: Asking,
  decision: { readonly id: string; readonly verdict: 'confirm' | 'reject'; readonly note: string | null },
): Promise<LossView> {
  const { tx, scope, atMs } = asking;
  const { id, verdict, note } = decision;
  const asset = await lockedAsset(asking, (await readLossRow(asking, id)).asset_id);
  const row = await readLossRow(asking, id);
  if (row.status !== 'waiting') throw new ApiProblem('conflict', 'Somebody has decided on this already.');
  const first = await askedBy(asking, row.asked_index);
  const isOwn = first === scope.userId;
  const change = { assetId: row.asset_id, siteId: row.site_id };
  const loss = idFromUuid('loss', id);
  let index: number;
  if (verdict === 'confirm') {
    // Two people are two by their names only.
    if (first === null)
      throw new ApiProblem('conflict', 'Nobody knows any more who said so. Reject it and say it again.');
    if (isOwn) throw new ApiProblem('not-allowed', 'Another person has to confirm this: whoever said so cannot.');
    requireGone(asset, atMs);
    await tx.$executeRaw(sql`
      update asset set status = 'retired' where tenant_id = ${scope.tenantId}::uuid and id = ${row.asset_id}::uuid`);
    index = await recordChange(asking, { kind: 'asset.declared_lost', data: { loss, note }, ...change });
  } else {
    const outcome = isOwn ? 'withdrawn' : 'rejected';
    index = await recordChange(asking, { kind: 'asset.loss_rejected', data: { loss, outcome, note }, ...change });
  }
  const status = verdict === 'confirm' ? 'confirmed' : isOwn ? 'withdrawn' : 'rejected';
  await tx.$executeRaw(sql`
    update loss set status = ${status}, decided_index = ${index}
    where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
  return await readLoss(asking, id);
}

/** Two decisions about a tool come one after the other. */
async function lockedAsset({ tx, scope, atMs }: Asking, id: string): Promise<AssetRow> {
  await tx.$queryRaw(
    sql`select 1 from asset where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid for update`,
  );
  return await readAssetRow(tx, scope, { id, atMs });
}

function requireGone(asset: AssetRow, atMs: number): void {
  const state = assetState(factsOf(asset), atMs);
  if (never.has(state)) throw new ApiProblem('conflict', `It is not lost as far as is known: its state is "${state}".`);
}

/** The user (UUID) whose word it is; null once the line names nobody any more. */
async function askedBy({ tx, scope }: Asking, index: bigint): Promise<string | null> {
  const [line] = await tx.$queryRaw<{ actor: string | null }[]>(sql`
    select actor_id::text as actor from entry where tenant_id = ${scope.tenantId}::uuid and index = ${index}`);
  return line?.actor ?? null;
}
