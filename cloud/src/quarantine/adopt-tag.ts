import type { adoptQuarantined } from '@tagtrail/shared/api/quarantine.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import { referencedUuid } from '../api/request-ids.js';
import { bindAssetTag, createAsset } from '../assets/create-asset.js';
import { type CarriedCustody, carriedLine } from '../store/carried-line.js';
import { moveKinds } from '../store/projections/custody.js';
import { foldTrail } from '../store/projections/fold.js';
import { sql } from '../store/sql.js';
import { appendEntries } from '../store/trail.js';

/** What a person says in adopting something. */
export type Adoption = z.output<typeof adoptQuarantined>;

/** Binds the tag as a person says; answers the asset's UUID. @throws ApiProblem as creating and binding do. */
export async function adoptTag(
  asking: Asking,
  random: Random,
  { epc, adoption }: { readonly epc: string; readonly adoption: Adoption },
): Promise<string> {
  const { asset_id, new_asset } = adoption;
  if (new_asset !== undefined) {
    const rest = { model: null, serial: null, groups: [], calibration_due_at: null };
    const made = await createAsset(asking, random, { ...rest, ...new_asset, epc });
    return uuidFromId('asset', made.id);
  }
  const id = referencedUuid('asset', asset_id ?? '', 'asset_id');
  await bindAssetTag(asking, random, { id, epc }).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.problem === 'not-found')
      throw new ApiProblem('invalid-reference', 'There is no such asset.', {
        errors: [{ field: 'asset_id', problem: 'no such asset' }],
      });
    throw error;
  });
  return id;
}

/**
 * Says again, for the asset that has the tag now, where it is by what cabinets recorded of the tag
 * while it was nobody's: its last move by the order of custody, or else where it was first seen.
 * The line is one that custody takes in like the cabinet's own, so a rebuild comes to the same.
 */
export async function carryTagMoves(
  { tx, scope, atMs }: Asking,
  tag: { readonly epc: string; readonly assetId: string; readonly sinceMs: number },
): Promise<void> {
  const { tenantId: tenant, userId } = scope;
  const recordedAt = new Date(atMs).toISOString();
  const [found] = await tx.$queryRaw<CarriedCustody[]>(sql`
    with lines as (
      select e.* from entry e
      where e.tenant_id = ${tenant}::uuid and e.asset_id is null and e.data->>'epc' = ${tag.epc}
        and e.recorded_at >= ${new Date(tag.sinceMs)} and e.source = 'cabinet' and e.status = 'accepted'
    ), moves as (
      select * from lines where kind = any(${[...moveKinds]}::text[])
        and coalesce((data->>'moved')::boolean, true)
      order by effective_at desc, cabinet_id desc, log_id collate "C" desc, seq desc limit 1
    ), sights as (
      select * from lines where kind = 'tag.unknown_seen' and not exists (select 1 from moves)
      order by effective_at, cabinet_id, log_id collate "C", seq limit 1
    )
    select ${tag.assetId} as asset_id,
      case when kind in ('asset.checked_out', 'custody.handed_over') then actor_id::text end as holder_id,
      cabinet_id::text, session_id::text, site_id::text,
      case when kind = 'asset.returned' or data->>'movement' = 'returned' or data->>'outcome' = 'corrected'
        then 'in' else 'out' end as state,
      case kind when 'asset.disputed' then true when 'dispute.settled' then data->>'outcome' = 'stays_disputed'
        else coalesce((data->>'disputed')::boolean, false) end as disputed,
      true as moved, effective_at, log_id, seq
    from moves
    union all
    select ${tag.assetId}, null, cabinet_id::text, null, site_id::text, 'in', false, false, effective_at, log_id, seq
    from sights`);
  if (found === undefined) return;
  const draft = { ...carriedLine(found), actorId: userId };
  const range = await appendEntries(tx, { tenant, recordedAt }, [draft]);
  await foldTrail(tx, { tenant, ...range }, new Set([draft.kind]));
}
