import type { AssetView, newAsset } from '@tagtrail/shared/api/asset.js';
import { newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { carryTagMoves } from './carry-tag-moves.js';
import { findHome } from './home-cabinet.js';
import { readAsset, readAssetRow } from './read-assets.js';

/** @throws ApiProblem `invalid-reference`, `conflict` when another asset carries the tag. */
export async function createAsset(
  asking: Asking,
  random: Random,
  asset: z.output<typeof newAsset>,
): Promise<AssetView> {
  const { tx, scope, atMs } = asking;
  const home = await findHome(asking, asset.home_cabinet_id);
  const id = newUuid(atMs, random);
  const due = asset.calibration_due_at === null ? null : new Date(asset.calibration_due_at);
  await tx.$executeRaw(sql`
    insert into asset (tenant_id, id, name, model, serial, home_cabinet_id, groups, licences, two_person, place,
      calibration_due_at, created_at)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${asset.name}, ${asset.model}, ${asset.serial},
      ${home?.id ?? null}::uuid, ${asset.groups}::text[], ${[...new Set(asset.licences)]}::text[], ${asset.two_person},
      ${asset.place}, ${due}, ${new Date(atMs)})`);
  const unknownSince = asset.epc === null ? null : await openBinding(asking, random, { assetId: id, epc: asset.epc });
  const siteId = home?.siteId ?? null;
  await recordChange(asking, {
    kind: 'asset.created',
    data: { name: asset.name, model: asset.model },
    assetId: id,
    siteId,
  });
  if (asset.epc !== null && unknownSince !== null) {
    await recordChange(asking, { kind: 'tag.bound', data: { epc: asset.epc, replaces: null }, assetId: id, siteId });
    await carryMoves(asking, { epc: asset.epc, assetId: id, unknownSince });
  }
  return await readAsset(tx, scope, { id, atMs });
}

/** @throws ApiProblem `not-found`, `conflict` when another asset carries the tag. */
export async function bindAssetTag(
  asking: Asking,
  random: Random,
  { id, epc }: { readonly id: string; readonly epc: string },
): Promise<AssetView> {
  const { tx, scope, atMs } = asking;
  await lockTag(asking, epc);
  // Two tags that are bound to one asset at once: the second one replaces the first.
  await tx.$queryRaw(
    sql`select 1 from asset where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid for update`,
  );
  const before = await readAssetRow(tx, scope, { id, atMs });
  if (before.epc !== epc) {
    await tx.$executeRaw(sql`
      update tag_binding set unbound_at = ${new Date(atMs)}
      where tenant_id = ${scope.tenantId}::uuid and asset_id = ${id}::uuid and unbound_at is null`);
    const unknownSince = await openBinding(asking, random, { assetId: id, epc });
    await recordChange(asking, {
      kind: 'tag.bound',
      data: { epc, replaces: before.epc },
      assetId: id,
      siteId: before.site_id,
    });
    await carryMoves(asking, { epc, assetId: id, unknownSince });
  }
  return await readAsset(tx, scope, { id, atMs });
}

/** What was set aside of the tag is locked first, here and where it is decided on: nobody waits for each other. */
async function lockTag({ tx, scope }: Asking, epc: string): Promise<void> {
  await tx.$queryRaw(
    sql`select 1 from quarantine where tenant_id = ${scope.tenantId}::uuid and epc = ${epc} for update`,
  );
}

/** What cabinets recorded of the tag while nobody had registered it counts for its asset. */
async function carryMoves(
  { tx, scope, atMs }: Asking,
  tag: { readonly epc: string; readonly assetId: string; readonly unknownSince: Date },
): Promise<void> {
  const place = { tenant: scope.tenantId, atMs, actorId: scope.userId };
  await carryTagMoves(tx, place, { ...tag, sinceMs: tag.unknownSince.getTime() });
}

/**
 * The partial unique index decides between two requests for the same tag. Answers since when the tag is
 * nobody's: it was seen without an asset, or lost its last one.
 */
async function openBinding(
  asking: Asking,
  random: Random,
  { assetId, epc }: { readonly assetId: string; readonly epc: string },
): Promise<Date> {
  const { tx, scope, atMs } = asking;
  await lockTag(asking, epc);
  const made = await tx.$executeRaw(sql`
    insert into tag_binding (tenant_id, id, epc, asset_id, bound_at)
    values (${scope.tenantId}::uuid, ${newUuid(atMs, random)}::uuid, ${epc}, ${assetId}::uuid, ${new Date(atMs)})
    on conflict do nothing`);
  if (made === 0) {
    throw new ApiProblem('conflict', 'Another asset carries this tag.', {
      errors: [{ field: 'epc', problem: 'already bound' }],
    });
  }
  // Nobody has to decide any more what the tag is on.
  const [closed] = await tx.$queryRaw<{ at: Date }[]>(sql`
    update quarantine set state = 'adopted', asset_id = ${assetId}::uuid, decided_at = ${new Date(atMs)},
      decided_by = null, note = null
    where tenant_id = ${scope.tenantId}::uuid and epc = ${epc} and state <> 'adopted'
    returning at`);
  if (closed !== undefined) return closed.at;
  const [last] = await tx.$queryRaw<{ at: Date | null }[]>(sql`
    select max(unbound_at) as at from tag_binding where tenant_id = ${scope.tenantId}::uuid and epc = ${epc}`);
  return last?.at ?? new Date(0);
}
