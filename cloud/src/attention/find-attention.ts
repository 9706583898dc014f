import { type AttentionKind, attentionStateKind } from '@tagtrail/shared/api/attention.js';
import type { Asking } from '../api/context.js';
import { assetJoins, assetSite, assetStateSql, assetsInScope } from '../assets/asset-row.js';
import { cabinetLink } from '../cabinets/cabinet-link.js';
import { lastState, reportedOf } from '../cabinets/cabinet-row.js';
import { cabinetsInScope } from '../cabinets/read-cabinets.js';
import { entriesInScope, unexpired } from '../entries/read-entries.js';
import { incompleteKits } from '../kits/read-kits.js';
import { quarantineInScope } from '../quarantine/read-quarantine.js';
import { readCutoffs } from '../retention/read-rules.js';
import { sql } from '../store/sql.js';
import { type AttentionRow, attentionId, attentionMark } from './attention-row.js';

/** Something that needs somebody, and the line by which somebody looks after it as it stands. */
export interface Attention {
  readonly id: string;
  readonly mark: string;
  readonly row: AttentionRow;
  readonly acknowledgedIndex: number | null;
}

const lasting: ReadonlySet<AttentionKind> = new Set(attentionStateKind.options);

/**
 * All that needs somebody now within the scope, newest first. What is over leaves the list when somebody
 * has acknowledged it as it stands, what lasts when it ends.
 */
export async function findAttention(asking: Asking): Promise<Attention[]> {
  const rows = [
    ...(await findAssets(asking)),
    ...(await findAlarms(asking)),
    ...(await findCabinets(asking)),
    ...(await findIncidents(asking)),
    ...(await findLosses(asking)),
    ...(await findQuarantined(asking)),
  ];
  const words = await asking.tx.acknowledgement.findMany({ where: { tenantId: asking.scope.tenantId } });
  const wordOf = new Map(words.map((word) => [word.about, word]));
  const found: Attention[] = [];
  for (const row of rows) {
    const [id, mark] = [attentionId(row), attentionMark(row)];
    const word = wordOf.get(id);
    const acknowledgedIndex = word?.mark === mark ? Number(word.index) : null;
    if (acknowledgedIndex === null || lasting.has(row.kind)) found.push({ id, mark, row, acknowledgedIndex });
  }
  return found.sort((one, other) => (isBefore(one, other) ? -1 : 1));
}

/** The order of the list: newest first, and by id where two came at the same time. */
export function isBefore(
  one: { readonly row: Pick<AttentionRow, 'since'>; readonly id: string },
  other: { readonly row: Pick<AttentionRow, 'since'>; readonly id: string },
): boolean {
  const [mine, its] = [one.row.since.getTime(), other.row.since.getTime()];
  return mine === its ? one.id < other.id : mine > its;
}

async function findAssets({ tx, scope, atMs }: Asking): Promise<AttentionRow[]> {
  return await tx.$queryRaw<AttentionRow[]>(sql`
    select q.state as kind, '' as part, case when q.state = 'missing' then k.missing_since else k.since end as since,
      null as change, 1 as times, a.id::text as asset_id, a.name as asset_name, v.id::text as cabinet_id,
      v.name as cabinet_name, s.id::text as site_id, s.name as site_name, l.index, null as reason
    from asset a ${assetJoins}
      cross join lateral (select ${assetStateSql(atMs)} as state) q
      left join site s on s.tenant_id = a.tenant_id and s.id = ${assetSite}
      left join lateral (select c.id, c.name from cabinet c
        where c.tenant_id = a.tenant_id and c.id = k.cabinet_id and ${cabinetsInScope(scope)}) v on true
      left join lateral (select e.index from entry e
        where e.tenant_id = a.tenant_id and e.log_id = k.log_id and e.seq = k.seq and k.disputed
          and e.asset_id = a.id and e.kind <> 'custody.carried' limit 1) l on true
    where ${assetsInScope(scope)} and (k.disputed or k.missing_since is not null) and q.state in ('missing', 'disputed')`);
}

/** Alarms of the trail that need somebody still: reports until the office has decided, doors until they are closed. */
async function findAlarms(asking: Asking): Promise<AttentionRow[]> {
  const { tx, scope, atMs } = asking;
  const cutoffs = await readCutoffs(tx, scope.tenantId, atMs);
  const rows = await tx.$queryRaw<AttentionRow[]>(sql`
    select x.kind, '' as part, e.occurred_at as since, e.index::text as change, 1 as times, a.id::text as asset_id,
      a.name as asset_name, c.id::text as cabinet_id, c.name as cabinet_name, s.id::text as site_id, s.name as site_name,
      e.index, null as reason
    from alarm x
      join entry e on e.tenant_id = x.tenant_id and e.index = x.index and e.recorded_at = x.recorded_at
      join cabinet c on c.tenant_id = e.tenant_id and c.id = e.cabinet_id
      left join asset a on a.tenant_id = e.tenant_id and a.id = e.asset_id
      left join site s on s.tenant_id = e.tenant_id and s.id = e.site_id
    where x.tenant_id = ${scope.tenantId}::uuid and ${entriesInScope(scope)} and ${unexpired(cutoffs)}
      and (x.kind not like 'reported_%' or (a.status = 'quarantine'
        and (a.inspected_at is null or a.inspected_at < e.recorded_at)))
      and (x.kind <> 'door_left_open' or not exists (
        select from entry d where d.tenant_id = e.tenant_id and d.cabinet_id = e.cabinet_id and d.index > e.index
          and d.kind = 'door.closed' and d.status = 'accepted' and d.data->>'door' = e.data->>'door'))`);
  const kits = rows.flatMap(({ kind, asset_id }) => (kind === 'kit_incomplete' && asset_id !== null ? [asset_id] : []));
  const incomplete = await incompleteKits(asking, kits);
  return rows.filter(({ kind, asset_id }) => kind !== 'kit_incomplete' || incomplete.has(asset_id ?? ''));
}

interface CabinetRow {
  readonly id: string;
  readonly name: string;
  readonly site_id: string;
  readonly site_name: string;
  readonly created_at: Date;
  readonly online: boolean | null;
  readonly last_seen_at: Date | null;
  readonly body: unknown;
}

/** Cabinets that say nothing, and devices of the others that do not work. */
async function findCabinets({ tx, scope, atMs }: Asking): Promise<AttentionRow[]> {
  const cabinets = await tx.$queryRaw<CabinetRow[]>(sql`
    select c.id::text, c.name, s.id::text as site_id, s.name as site_name, c.created_at, z.online, z.last_seen_at, z.body
    from cabinet c
      join site s on s.tenant_id = c.tenant_id and s.id = c.site_id
      left join cabinet_state z on z.tenant_id = c.tenant_id and z.cabinet_id = c.id
    where ${cabinetsInScope(scope)} and c.revoked_at is null`);
  return cabinets.flatMap((cabinet): AttentionRow[] => {
    const place = {
      ...{ times: 1, change: null, asset_id: null, asset_name: null, index: null },
      ...{ cabinet_id: cabinet.id, cabinet_name: cabinet.name },
      ...{ site_id: cabinet.site_id, site_name: cabinet.site_name },
    };
    if (cabinetLink(reportedOf(cabinet), atMs) !== 'online') {
      const since = cabinet.last_seen_at ?? cabinet.created_at;
      return [{ ...place, kind: 'cabinet_silent', part: '', since, reason: null }];
    }
    const devices = Object.entries(lastState(cabinet.body)?.devices ?? {});
    const failed = devices.filter(([, { status }]) => status !== 'ok' && status !== 'starting');
    return failed.map(([device, { status, since }]) => ({
      ...{ ...place, kind: 'device_failed', part: device, since: new Date(since), reason: `${device} ${status}` },
    }));
  });
}

async function findIncidents({ tx, scope }: Asking): Promise<AttentionRow[]> {
  return await tx.$queryRaw<AttentionRow[]>(sql`
    select i.kind, i.log_id as part, i.since, i.opened_index::text as change, 1 as times, null as asset_id,
      null as asset_name, c.id::text as cabinet_id, c.name as cabinet_name, s.id::text as site_id, s.name as site_name,
      i.opened_index as index, null as reason
    from incident i
      join cabinet c on c.tenant_id = i.tenant_id and c.id = i.cabinet_id
      join site s on s.tenant_id = c.tenant_id and s.id = c.site_id
    where ${cabinetsInScope(scope)} and c.revoked_at is null`);
}

async function findLosses({ tx, scope }: Asking): Promise<AttentionRow[]> {
  return await tx.$queryRaw<AttentionRow[]>(sql`
    select 'loss_asked' as kind, '' as part, l.asked_at as since, l.asked_index::text as change, 1 as times,
      a.id::text as asset_id, a.name as asset_name, null as cabinet_id, null as cabinet_name, s.id::text as site_id,
      s.name as site_name, l.asked_index as index, null as reason
    from loss l
      join asset a on a.tenant_id = l.tenant_id and a.id = l.asset_id ${assetJoins}
      left join site s on s.tenant_id = a.tenant_id and s.id = ${assetSite}
    where ${assetsInScope(scope)} and l.status = 'waiting'`);
}

/** A cabinet beside an unregistered heap of tools is one line, not a hundred. */
async function findQuarantined({ tx, scope }: Asking): Promise<AttentionRow[]> {
  return await tx.$queryRaw<AttentionRow[]>(sql`
    select 'quarantined' as kind, q.reason as part, max(q.last_at) as since, null as change, count(*)::int as times,
      null as asset_id, null as asset_name, c.id::text as cabinet_id, c.name as cabinet_name, s.id::text as site_id,
      s.name as site_name, null as index, q.reason
    from quarantine q
      left join cabinet c on c.tenant_id = q.tenant_id and c.id = q.cabinet_id
      left join site s on s.tenant_id = c.tenant_id and s.id = c.site_id
    where ${quarantineInScope(scope)} and q.state = 'open'
    group by q.reason, c.id, c.name, s.id, s.name`);
}
