import type { AssetState, AssetView, assetChange } from '@tagtrail/shared/api/asset.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { type AssetRow, factsOf } from './asset-row.js';
import { assetState } from './asset-state.js';
import { findHome } from './home-cabinet.js';
import { readAsset, readAssetRow } from './read-assets.js';

type AssetChange = z.output<typeof assetChange>;

/** The fields of an asset that an office decides on, as the API names them. */
interface Decided {
  readonly name: string;
  readonly model: string | null;
  readonly home_cabinet_id: string | null;
  readonly groups: readonly string[];
  readonly licences: readonly string[];
  readonly two_person: boolean;
  readonly place: string | null;
  readonly calibration_due_at: string | null;
  readonly status: 'available' | 'quarantine' | 'retired';
}

/** What nobody can show is lost, not retired, and lost takes two people. */
const notAtHand: ReadonlySet<AssetState> = new Set(['out', 'missing', 'disputed']);

/** @throws ApiProblem `not-found`, `invalid-reference`, `conflict` for retiring what nobody can show. */
export async function changeAsset(asking: Asking, id: string, change: AssetChange): Promise<AssetView> {
  const { tx, scope, atMs } = asking;
  await tx.$queryRaw(
    sql`select 1 from asset where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid for update`,
  );
  const row = await readAssetRow(tx, scope, { id, atMs });
  const home = change.home_cabinet_id === undefined ? undefined : await findHome(asking, change.home_cabinet_id);
  const before = decidedOf(row);
  const after = withChange(before, change);
  if (after.status === 'retired' && before.status !== 'retired' && notAtHand.has(assetState(factsOf(row), atMs))) {
    throw new ApiProblem('conflict', 'It is not at hand. Say that it is lost; another person has to confirm that.');
  }
  const differences = differencesOf(before, after);
  if (Object.keys(differences).length === 0) return await readAsset(tx, scope, { id, atMs });
  const due = after.calibration_due_at === null ? null : new Date(after.calibration_due_at);
  const homeId = home === undefined ? row.home_cabinet_id : (home?.id ?? null);
  // Somebody of the office has looked at it: that ends what was reported of it until now.
  const isInspected = before.status !== 'available' && after.status === 'available';
  await tx.$executeRaw(sql`
    update asset set name = ${after.name}, model = ${after.model}, home_cabinet_id = ${homeId}::uuid,
      groups = ${[...after.groups]}::text[], licences = ${[...after.licences]}::text[],
      two_person = ${after.two_person}, place = ${after.place}, calibration_due_at = ${due}, status = ${after.status},
      inspected_at = case when ${isInspected} then ${new Date(atMs)} else inspected_at end
    where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
  await recordChange(asking, {
    kind: 'asset.updated',
    data: { change: differences, reason: change.reason ?? null },
    assetId: id,
    siteId: home?.siteId ?? row.site_id,
  });
  return await readAsset(tx, scope, { id, atMs });
}

function decidedOf(row: AssetRow): Decided {
  return {
    name: row.name,
    model: row.model,
    home_cabinet_id: row.home_cabinet_id === null ? null : idFromUuid('cabinet', row.home_cabinet_id),
    groups: row.groups,
    licences: row.licences,
    two_person: row.two_person,
    place: row.place,
    calibration_due_at: row.calibration_due_at?.toISOString() ?? null,
    status: row.status,
  };
}

function withChange(before: Decided, change: AssetChange): Decided {
  const due = change.calibration_due_at;
  return {
    name: change.name ?? before.name,
    model: change.model === undefined ? before.model : change.model,
    home_cabinet_id: change.home_cabinet_id === undefined ? before.home_cabinet_id : change.home_cabinet_id,
    groups: change.groups ?? before.groups,
    licences: change.licences === undefined ? before.licences : [...new Set(change.licences)],
    two_person: change.two_person ?? before.two_person,
    place: change.place === undefined ? before.place : change.place,
    calibration_due_at:
      due === undefined ? before.calibration_due_at : due === null ? null : new Date(due).toISOString(),
    status: change.status ?? before.status,
  };
}

function differencesOf(before: Decided, after: Decided): Record<string, { from: unknown; to: unknown }> {
  const names = Object.keys(before) as (keyof Decided)[];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.map((name) => [name, { from: before[name], to: after[name] }]));
}
