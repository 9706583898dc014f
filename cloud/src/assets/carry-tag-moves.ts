import { type CarriedCustody, carriedLine } from '../store/carried-line.js';
import { moveKinds } from '../store/projections/custody.js';
import { foldTrail } from '../store/projections/fold.js';
import { sql } from '../store/sql.js';
import type { SqlTransaction } from '../store/sql-transaction.js';
import { appendEntries } from '../store/trail.js';

/** Ids are UUIDs. */
export interface CarryPlace {
  readonly tenant: string;
  readonly atMs: number;
  /** The signed-in user who bound the tag; null where it was bound while lines of it arrived. */
  readonly actorId: string | null;
}

/**
 * Says again, for the asset that has the tag now, where it is by what cabinets recorded of the tag
 * while it was nobody's: its last move by the order of custody, or else where it was first seen.
 * The line is one that custody takes in like the cabinet's own, so a rebuild comes to the same. Call it
 * while the transaction holds the head of the trail: what others add to it then comes after.
 */
export async function carryTagMoves(
  tx: SqlTransaction,
  { tenant, atMs, actorId }: CarryPlace,
  tag: { readonly epc: string; readonly assetId: string; readonly sinceMs: number },
): Promise<void> {
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
  const draft = { ...carriedLine(found), actorId };
  const range = await appendEntries(tx, { tenant, recordedAt }, [draft]);
  await foldTrail(tx, { tenant, ...range }, new Set([draft.kind]));
}
