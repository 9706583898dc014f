import type { DataCategory } from '@tagtrail/shared/events/trace-event.js';
import { type CarriedCustody, carriedLine } from '../store/carried-line.js';
import { refoldAcknowledgements } from '../store/projections/acknowledgement.js';
import { refoldAlarms } from '../store/projections/alarm.js';
import { refoldSessions } from '../store/projections/cabinet-session.js';
import { refoldCabinetStates } from '../store/projections/cabinet-state.js';
import { dropIncidentsOf } from '../store/projections/incident.js';
import { type Sql, sql, type Tx } from '../store/sql.js';
import { appendEntries } from '../store/trail.js';
import { everySite } from './retention-rules.js';

/** One rule's run over one customer's data. Ids are UUIDs, times wall milliseconds. */
export interface StepOf {
  readonly tenantId: string;
  readonly category: DataCategory;
  readonly site: string | null;
  readonly action: 'delete' | 'pseudonymise';
  readonly beforeMs: number;
  readonly atMs: number;
}

/** The line that a step ended with, in the order of a run: by time, then by index. */
export interface StepPlace {
  readonly recordedAt: Date;
  readonly index: number;
}

export interface StepDone {
  readonly entries: number;
  readonly carried: number;
  readonly first: number | null;
  readonly last: number | null;
  /** Where the next step goes on; null when there is nothing more. */
  readonly place: StepPlace | null;
}

interface Reached {
  readonly index: bigint;
  readonly recorded_at: Date;
  readonly kind: string;
  readonly session_id: string | null;
  readonly cabinet_id: string | null;
}

/**
 * Takes the next lines of a rule behind `after`, at most `atMost`, in the transaction: carries on what is
 * still open, deletes or takes the names out, and lets the projections follow.
 * @throws the database's `TT001` when a legal hold cannot be read; nothing is touched then.
 */
export async function retentionStep(
  tx: Tx,
  step: StepOf,
  { after, atMost }: { readonly after: StepPlace | null; readonly atMost: number },
): Promise<StepDone> {
  const { tenantId, category, action } = step;
  const siteKey = step.site ?? everySite;
  const before = new Date(step.beforeMs);
  await tx.$executeRaw(sql`select check_holds()`);
  const behind = after === null ? sql`true` : sql`(e.recorded_at, e.index) > (${after.recordedAt}, ${after.index})`;
  const reached = await tx.$queryRaw<Reached[]>(sql`
    select e.index, e.recorded_at, e.kind, e.session_id::text, e.cabinet_id::text
    from retention_reach(${category}, ${siteKey}::uuid, ${action}, ${before}) e
    where ${behind} and not (${hasHolds(tenantId)} and entry_is_held(e)) order by e.recorded_at, e.index limit ${atMost}`);
  const [oldest] = reached;
  const newest = reached.at(-1);
  if (oldest === undefined || newest === undefined)
    return { entries: 0, carried: 0, first: null, last: null, place: null };
  const indexes = reached.map(({ index }) => Number(index));
  const carried = await carryOn(tx, step, indexes);
  const touched = await tx.$queryRaw<{ entries: bigint }[]>(sql`
    select apply_retention(${category}, ${siteKey}::uuid, ${before}::timestamptz, ${new Date(step.atMs)}::timestamptz,
      ${indexes}::bigint[], ${oldest.recorded_at}::timestamptz, ${newest.recorded_at}::timestamptz) as entries`);
  await letProjectionsFollow(tx, tenantId, reached);
  if (action === 'delete') await dropIncidentsOf(tx, tenantId, indexes);
  await refoldAlarms(tx, tenantId, indexes);
  if (action === 'delete') await refoldAcknowledgements(tx, tenantId, indexes);
  return {
    entries: Number(touched[0]?.entries ?? 0n),
    carried,
    first: Math.min(...indexes),
    last: Math.max(...indexes),
    place: reached.length < atMost ? null : { recordedAt: newest.recorded_at, index: Number(newest.index) },
  };
}

/** Asked once for a statement, where each line would have to be looked at. */
function hasHolds(tenantId: string): Sql {
  return sql`exists (select 1 from legal_hold h where h.tenant_id = ${tenantId}::uuid and h.released_at is null)`;
}

/** Says again where an asset is, when the line that says so goes; while it is out also with whom. */
async function carryOn(tx: Tx, { tenantId, action, atMs }: StepOf, indexes: readonly number[]): Promise<number> {
  const open = await tx.$queryRaw<CarriedCustody[]>(sql`
    select c.asset_id::text, c.holder_id::text, c.cabinet_id::text, c.session_id::text, e.site_id::text, c.state, c.disputed,
      c.moved, c.effective_at, c.log_id, c.seq
    from entry e join custody c on c.tenant_id = e.tenant_id and c.log_id = e.log_id and c.seq = e.seq
    where e.tenant_id = ${tenantId}::uuid and e.index = any(${[...indexes]}::bigint[])
      and (${action} = 'delete' or c.holder_id is not null)
    order by e.index, c.asset_id`);
  if (open.length > 0) {
    const recordedAt = new Date(atMs).toISOString();
    await appendEntries(
      tx,
      { tenant: tenantId, recordedAt },
      open.map((custody) => carriedLine(custody)),
    );
  }
  return open.length;
}

/** What the projections say of sessions and cabinets is again what is left of the trail. */
async function letProjectionsFollow(tx: Tx, tenant: string, reached: readonly Reached[]): Promise<void> {
  const telling = reached.filter(({ kind }) => kind.startsWith('session.') || kind === 'inventory.settled');
  const sessions = [...new Set(telling.flatMap(({ session_id }) => session_id ?? []))];
  const cabinets = [...new Set(telling.flatMap(({ cabinet_id }) => cabinet_id ?? []))];
  if (sessions.length > 0) await refoldSessions(tx, tenant, sessions);
  if (cabinets.length > 0) await refoldCabinetStates(tx, tenant, cabinets);
}
