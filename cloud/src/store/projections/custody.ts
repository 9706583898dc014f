import type { SqlTransaction } from '../sql-transaction.js';
import { inSpan, type TrailSpan } from './span.js';

/**
 * The kinds that say where an asset is. Each carries the whole outcome: the newest one alone
 * decides, whatever came before it and in whatever order they arrive.
 */
export const moveKinds = [
  'asset.checked_out',
  'asset.returned',
  'custody.handed_over',
  'asset.disputed',
  'dispute.settled',
  'custody.carried',
] as const;

/**
 * Where each asset is and who answers for it. The last move wins by (effective time, cabinet, log,
 * sequence). That key grows within a stream, so cabinets may report in any order: the outcome is
 * the same. A line that somebody denies is disputed and on nobody's name. An inventory moves nothing, except that an asset never heard of is where it was first
 * seen; and it says which of those that should be inside are missing.
 */
export async function foldCustody(tx: SqlTransaction, span: TrailSpan, kinds: ReadonlySet<string>): Promise<void> {
  const hasCount = kinds.has('inventory.settled');
  const hasCarried = kinds.has('custody.carried');
  if (moveKinds.some((kind) => kinds.has(kind))) await foldMoves(tx, span);
  if (hasCount || hasCarried) await foldFirstSights(tx, span);
  if (hasCount) await foldSightings(tx, span);
  if (hasCount || hasCarried) await settleMissing(tx, span);
}

/**
 * What is carried on has the place of its line in the order, and says more than a line without its people: the later
 * one counts. The lines are read first and once: looked up asset by asset, a young partition of the trail costs more than all else.
 */
async function foldMoves(tx: SqlTransaction, span: TrailSpan): Promise<void> {
  const { tenant } = span;
  await tx.$executeRaw`/* kept */
    with lines as materialized (
      select asset_id, kind, actor_id, counterpart_id, cabinet_id, session_id, effective_at, log_id, seq, index, data
      from entry
      where tenant_id = ${tenant}::uuid and ${inSpan(span)} and status = 'accepted' and asset_id is not null
        and kind = any(${moveKinds}::text[]) and coalesce((data->>'moved')::boolean, true)
    ), moves as (
      select distinct on (e.asset_id) e.*,
        case when kind = 'custody.carried' then data->>'state'
          when kind = 'asset.returned' or data->>'movement' = 'returned' or data->>'outcome' = 'corrected'
          then 'in' else 'out' end as state
      from lines e
      cross join lateral (select from asset a where a.tenant_id = ${tenant}::uuid and a.id = e.asset_id limit 1) known
      order by e.asset_id, e.effective_at desc, e.cabinet_id desc, e.log_id collate "C" desc, e.seq desc, e.index desc
    )
    insert into custody as c (tenant_id, asset_id, state, holder_id, cabinet_id, session_id, since, disputed,
      missing_since, moved, effective_at, log_id, seq)
    select ${tenant}::uuid, m.asset_id, m.state,
      case when kind in ('asset.checked_out', 'custody.handed_over') then actor_id
        when kind = 'custody.carried' then counterpart_id end,
      m.cabinet_id, session_id, m.effective_at,
      case kind when 'asset.disputed' then true when 'dispute.settled' then data->>'outcome' = 'stays_disputed'
        else coalesce((data->>'disputed')::boolean, false) end,
      greatest(s.missing_since, case when s.missing_since is not null then m.effective_at end), true, m.effective_at,
      m.log_id, m.seq
    from moves m
    left join lateral (
      select s.missing_since from sighting s
      where s.tenant_id = ${tenant}::uuid and s.asset_id = m.asset_id and s.cabinet_id = m.cabinet_id
        and m.state = 'in' and (s.effective_at, s.seq) > (m.effective_at, m.seq) limit 1
    ) s on true
    on conflict (tenant_id, asset_id) do update set
      state = excluded.state, holder_id = excluded.holder_id, cabinet_id = excluded.cabinet_id,
      session_id = excluded.session_id, since = excluded.since, disputed = excluded.disputed,
      missing_since = excluded.missing_since,
      moved = true, effective_at = excluded.effective_at, log_id = excluded.log_id, seq = excluded.seq
    where not c.moved or (excluded.effective_at, excluded.cabinet_id, excluded.log_id collate "C", excluded.seq)
      >= (c.effective_at, c.cabinet_id, c.log_id collate "C", c.seq)`;
}

/**
 * The earliest sight counts, whichever arrives first; any move outweighs it. A
 * sight whose line retention took away counts as it was carried on.
 */
async function foldFirstSights(tx: SqlTransaction, span: TrailSpan): Promise<void> {
  const { tenant } = span;
  await tx.$executeRaw`/* kept */
    with lines as materialized (
      select asset_id, cabinet_id, effective_at, log_id, seq, recorded_at, kind, data from entry
      where tenant_id = ${tenant}::uuid and ${inSpan(span)} and status = 'accepted'
        and kind in ('inventory.settled', 'custody.carried')
    ), sights as (
      select distinct on (s.asset_id) s.*
      from (
        select b.asset_id, e.cabinet_id, e.effective_at, e.log_id, e.seq
        from lines e
        cross join lateral jsonb_array_elements_text(e.data->'present') as present (epc)
        join tag_binding b on b.tenant_id = ${tenant}::uuid and b.epc = present.epc
          and b.bound_at <= e.recorded_at and (b.unbound_at is null or b.unbound_at > e.recorded_at)
        where e.kind = 'inventory.settled'
        union all
        select e.asset_id, e.cabinet_id, e.effective_at, e.log_id, e.seq
        from lines e join asset a on a.tenant_id = ${tenant}::uuid and a.id = e.asset_id
        where e.kind = 'custody.carried' and not (e.data->>'moved')::boolean
      ) s
      where not exists (select 1 from custody c where c.tenant_id = ${tenant}::uuid and c.asset_id = s.asset_id
        and (c.moved or (c.effective_at, c.cabinet_id, c.log_id collate "C", c.seq)
          <= (s.effective_at, s.cabinet_id, s.log_id collate "C", s.seq)))
      order by s.asset_id, s.effective_at, s.cabinet_id, s.log_id collate "C", s.seq
    )
    insert into custody as c (tenant_id, asset_id, state, cabinet_id, since, moved, effective_at, log_id, seq)
    select ${tenant}::uuid, asset_id, 'in', cabinet_id, effective_at, false, effective_at, log_id, seq from sights
    on conflict (tenant_id, asset_id) do update set
      cabinet_id = excluded.cabinet_id, since = excluded.since, effective_at = excluded.effective_at,
      log_id = excluded.log_id, seq = excluded.seq, missing_since = null`;
}

/** Per asset and cabinet: since when each of its inventories has missed the asset. */
async function foldSightings(tx: SqlTransaction, span: TrailSpan): Promise<void> {
  const { tenant } = span;
  await tx.$executeRaw`/* kept */
    with lines as materialized (
      select cabinet_id, effective_at, seq, index, recorded_at, data from entry
      where tenant_id = ${tenant}::uuid and ${inSpan(span)} and status = 'accepted' and kind = 'inventory.settled'
    ), verdicts as (
      select b.asset_id, e.cabinet_id, e.effective_at, e.seq, e.index, listed.missing,
        max(e.index) filter (where not listed.missing) over (partition by b.asset_id, e.cabinet_id) as last_present
      from lines e
      cross join lateral (
        select epc, false as missing from jsonb_array_elements_text(e.data->'present') as epc
        union all select epc, true from jsonb_array_elements_text(e.data->'missing') as epc
      ) as listed
      join tag_binding b on b.tenant_id = ${tenant}::uuid and b.epc = listed.epc
        and b.bound_at <= e.recorded_at and (b.unbound_at is null or b.unbound_at > e.recorded_at)
    ), runs as (
      select asset_id, cabinet_id, bool_or(not missing) as was_present, max(effective_at) as effective_at,
        (array_agg(seq order by index desc))[1] as seq,
        min(effective_at) filter (where missing and index > coalesce(last_present, -1)) as missing_since
      from verdicts group by asset_id, cabinet_id
    )
    insert into sighting (tenant_id, asset_id, cabinet_id, missing_since, effective_at, seq)
    select ${tenant}::uuid, r.asset_id, r.cabinet_id,
      case when r.missing_since is not null and not r.was_present and s.missing_since is not null
        then s.missing_since else r.missing_since end,
      r.effective_at, r.seq
    from runs r left join sighting s
      on s.tenant_id = ${tenant}::uuid and s.asset_id = r.asset_id and s.cabinet_id = r.cabinet_id
    where r.missing_since is not null or s.missing_since is not null
    on conflict (tenant_id, asset_id, cabinet_id) do update set
      missing_since = excluded.missing_since, effective_at = excluded.effective_at, seq = excluded.seq`;
}

/** An asset is missing while it is booked inside a cabinet whose newest inventory after that did not read it. */
async function settleMissing(tx: SqlTransaction, span: TrailSpan): Promise<void> {
  const { tenant } = span;
  await tx.$executeRaw`/* kept */
    with lines as materialized (
      select asset_id, cabinet_id, kind from entry
      where tenant_id = ${tenant}::uuid and ${inSpan(span)} and (kind = any(${moveKinds}::text[]) or kind = 'inventory.settled')
    ), touched as (
      select asset_id from lines where asset_id is not null and kind <> 'inventory.settled'
      union
      select s.asset_id from sighting s
      where s.tenant_id = ${tenant}::uuid and s.cabinet_id in (select cabinet_id from lines where kind = 'inventory.settled')
    ), verdicts as (
      select c.asset_id, case when s.missing_since is not null
        then greatest(s.missing_since, c.effective_at) end as missing_since
      from touched t
      join custody c on c.tenant_id = ${tenant}::uuid and c.asset_id = t.asset_id
      left join sighting s on s.tenant_id = c.tenant_id and s.asset_id = c.asset_id and s.cabinet_id = c.cabinet_id
        and c.state = 'in' and (s.effective_at, s.seq) > (c.effective_at, c.seq)
    )
    update custody c set missing_since = v.missing_since from verdicts v
    where c.tenant_id = ${tenant}::uuid and c.asset_id = v.asset_id and c.missing_since is distinct from v.missing_since`;
}
