import type { Freshness } from '@tagtrail/shared/api/common.js';
import type { Overview } from '@tagtrail/shared/api/overview.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Asking } from '../api/context.js';
import { assetJoins, assetStateSql, assetsInScope } from '../assets/asset-row.js';
import { readAttentionFigures } from '../attention/read-attention.js';
import { cabinetLink, completeUntilMs, hasReported, type Reported } from '../cabinets/cabinet-link.js';
import { lastState, reportedOf } from '../cabinets/cabinet-row.js';
import { cabinetsInScope } from '../cabinets/read-cabinets.js';
import { quarantineInScope } from '../quarantine/read-quarantine.js';
import { sql } from '../store/sql.js';

interface CabinetFacts {
  readonly id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly online: boolean | null;
  readonly last_seen_at: Date | null;
  readonly body: unknown;
  readonly has_incident: boolean;
}

/** What needs somebody now, for the sites of the scope. Assets in total are those in use: without the retired. */
export async function readOverview(asking: Asking): Promise<Overview> {
  const { tx, scope, atMs } = asking;
  const states = await tx.$queryRaw<{ state: string; count: number }[]>(sql`
    select ${assetStateSql(atMs)} as state, count(*)::int as count from asset a ${assetJoins}
    where ${assetsInScope(scope)} group by 1`);
  const cabinets = await tx.$queryRaw<CabinetFacts[]>(sql`
    select c.id::text, c.name, c.created_at, z.online, z.last_seen_at, z.body,
      exists (select 1 from incident i where i.tenant_id = c.tenant_id and i.cabinet_id = c.id) as has_incident
    from cabinet c left join cabinet_state z on z.tenant_id = c.tenant_id and z.cabinet_id = c.id
    where ${cabinetsInScope(scope)} order by c.id desc`);
  const refused = await tx.$queryRaw<{ count: number }[]>(sql`
    select count(*)::int as count from quarantine q
    left join cabinet c on c.tenant_id = q.tenant_id and c.id = q.cabinet_id 
    where ${quarantineInScope(scope)} and q.state = 'open'`);
  const count = (state: string): number => states.find((row) => row.state === state)?.count ?? 0;
  const total = states.filter((row) => row.state !== 'retired').reduce((sum, row) => sum + row.count, 0);
  return {
    freshness: freshnessOf(cabinets, atMs),
    assets: {
      total,
      available: count('available'),
      out: count('out'),
      missing: count('missing'),
      disputed: count('disputed'),
      quarantine: count('quarantine'),
      calibration: count('calibration'),
      unknown: count('unknown'),
    },
    cabinets: cabinetFigures(cabinets, atMs),
    quarantined_events: refused[0]?.count ?? 0,
    attention: await readAttentionFigures(asking),
  };
}

/** How far figures over these cabinets can be trusted: as far as the one that reported least. */
function freshnessOf(cabinets: readonly CabinetFacts[], atMs: number): Freshness {
  const behind = cabinets.filter((cabinet) => !hasReported(reportedOf(cabinet), atMs));
  const until = cabinets.map((cabinet) => completeUntilMs(reportedOf(cabinet), atMs) ?? cabinet.created_at.getTime());
  return {
    as_of: new Date(Math.min(atMs, ...until)).toISOString(),
    complete: behind.length === 0,
    silent_cabinets: behind.map((cabinet) => ({ id: idFromUuid('cabinet', cabinet.id), name: cabinet.name })),
  };
}

function cabinetFigures(cabinets: readonly CabinetFacts[], atMs: number): Overview['cabinets'] {
  const isOnline = (reported: Reported): boolean => cabinetLink(reported, atMs) === 'online';
  const online = cabinets.filter((cabinet) => isOnline(reportedOf(cabinet)));
  const states = online.flatMap((cabinet) => lastState(cabinet.body) ?? []);
  const hasFaultyDevice = ({ body }: CabinetFacts): boolean =>
    Object.values(lastState(body)?.devices ?? {}).some(({ status }) => status !== 'ok' && status !== 'starting');
  return {
    total: cabinets.length,
    online: online.length,
    silent: cabinets.length - online.length,
    faulty: cabinets.filter(
      (cabinet) => cabinet.has_incident || (isOnline(reportedOf(cabinet)) && hasFaultyDevice(cabinet)),
    ).length,
    open: states.filter((state) => state.doors.some((door) => door.state === 'open')).length,
  };
}
