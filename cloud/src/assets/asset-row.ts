import type { AssetView } from '@tagtrail/shared/api/asset.js';
import { epcUri } from '@tagtrail/shared/epc/epc-uri.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Scope } from '../auth/scope.js';
import { seesSite } from '../auth/scope.js';
import { hasReported } from '../cabinets/cabinet-link.js';
import { referenceOf } from '../entries/entry-view.js';
import type { Cutoff } from '../retention/retention-rules.js';
import { sessionOver } from '../retention/session-over.js';
import { type Sql, sql } from '../store/sql.js';
import { type AssetFacts, assetState, assetStateSinceMs } from './asset-state.js';

/** An asset with its tag, its custody and the cabinet that its state rests on. */
export interface AssetRow {
  readonly id: string;
  readonly name: string;
  readonly model: string | null;
  readonly serial: string | null;
  readonly epc: string | null;
  readonly status: 'available' | 'quarantine' | 'retired';
  readonly groups: string[];
  readonly licences: string[];
  readonly two_person: boolean;
  readonly place: string | null;
  readonly kit_id: string | null;
  readonly kit_name: string | null;
  readonly calibration_due_at: Date | null;
  readonly home_cabinet_id: string | null;
  readonly home_name: string | null;
  readonly site_id: string | null;
  readonly site_name: string | null;
  readonly custody_state: 'in' | 'out' | 'unknown' | null;
  readonly custody_cabinet_id: string | null;
  readonly custody_cabinet_name: string | null;
  readonly custody_site_id: string | null;
  readonly holder_id: string | null;
  readonly holder_name: string | null;
  readonly session_id: string | null;
  readonly since: Date | null;
  readonly disputed: boolean | null;
  readonly missing_since: Date | null;
  readonly rests_on: string | null;
  readonly online: boolean | null;
  readonly last_seen_at: Date | null;
  readonly pending: number | null;
}

/** Joins of the asset `a`: its home `h`, its custody `k`, the cabinet of that `w`, and what its state rests on `r`. */
export const assetJoins: Sql = sql`
  left join cabinet h on h.tenant_id = a.tenant_id and h.id = a.home_cabinet_id
  left join custody k on k.tenant_id = a.tenant_id and k.asset_id = a.id
  left join cabinet w on w.tenant_id = a.tenant_id and w.id = k.cabinet_id`;

/** The site that an asset belongs to: that of its home, or of the cabinet that last had it. */
export const assetSite: Sql = sql`coalesce(h.site_id, w.site_id)`;

/** The columns of `AssetRow`, out of the joins above and some more. */
export const assetColumns: Sql = sql`
  a.id::text, a.name, a.model, a.serial, t.epc, a.status, a.groups, a.licences, a.two_person, a.place,
  y.id::text as kit_id, y.name as kit_name, a.calibration_due_at,
  a.home_cabinet_id::text, h.name as home_name, s.id::text as site_id, s.name as site_name,
  k.state as custody_state, k.cabinet_id::text as custody_cabinet_id, w.name as custody_cabinet_name,
  w.site_id::text as custody_site_id, k.holder_id::text, p.name as holder_name, n.id::text as session_id,
  k.since, k.disputed, k.missing_since, coalesce(k.cabinet_id, a.home_cabinet_id)::text as rests_on,
  z.online, z.last_seen_at, (z.body->>'pending')::int as pending`;

export const assetColumnJoins: Sql = sql`
  left join tag_binding t on t.tenant_id = a.tenant_id and t.asset_id = a.id and t.unbound_at is null
  left join kit_child x on x.tenant_id = a.tenant_id and x.child_id = a.id
  left join asset y on y.tenant_id = a.tenant_id and y.id = x.kit_id
  left join site s on s.tenant_id = a.tenant_id and s.id = coalesce(h.site_id, w.site_id)
  left join person p on p.tenant_id = a.tenant_id and p.id = k.holder_id
  left join cabinet_state z on z.tenant_id = a.tenant_id and z.cabinet_id = coalesce(k.cabinet_id, a.home_cabinet_id)`;

/** The visit `n` of the custody, as long as it can be looked at: where a tool is outlives the visit that says so. */
export function visitJoin(cutoffs: readonly Cutoff[]): Sql {
  const over = sessionOver(cutoffs, { at: sql`coalesce(n.closed_at, n.opened_at)`, site: sql`nc.site_id` });
  return sql`
  left join (cabinet_session n join cabinet nc on nc.tenant_id = n.tenant_id and nc.id = n.cabinet_id)
    on n.tenant_id = k.tenant_id and n.id = k.session_id and not ${over.gone}`;
}

/** `assetState` as an expression over `a` and `k`; a property test holds the two together. */
export function assetStateSql(atMs: number): Sql {
  return sql`(case
    when k.state = 'out' then case when k.disputed then 'disputed' else 'out' end
    when a.status = 'retired' then 'retired'
    when k.disputed then 'disputed'
    when k.missing_since is not null then 'missing'
    when a.status = 'quarantine' then 'quarantine'
    when a.calibration_due_at <= ${new Date(atMs)} then 'calibration'
    when k.state is null or k.state = 'unknown' then 'unknown'
    else 'available' end)`;
}

/** The condition that leaves the assets of the scope. */
export function assetsInScope(scope: Scope): Sql {
  const site = scope.siteIds === null ? sql`true` : sql`${assetSite} = any(${[...scope.siteIds]}::uuid[])`;
  return sql`a.tenant_id = ${scope.tenantId}::uuid and ${site}`;
}

/** Assets that a cabinet's board counts: those at home there, and whatever else lies in it. */
export function assetsOfCabinet(cabinetId: string): Sql {
  return sql`(coalesce(a.home_cabinet_id, k.cabinet_id) = ${cabinetId}::uuid
    or (k.state = 'in' and k.cabinet_id = ${cabinetId}::uuid))`;
}

export function assetView(row: AssetRow, scope: Scope, atMs: number): AssetView {
  const facts = factsOf(row);
  const sinceMs = assetStateSinceMs(facts, atMs);
  const held = facts.custody?.state === 'out';
  const reported =
    row.rests_on !== null &&
    hasReported(
      {
        online: row.online ?? false,
        lastSeenAtMs: row.last_seen_at?.getTime() ?? null,
        pending: row.pending,
        oldestPendingAtMs: null,
      },
      atMs,
    );
  return {
    id: idFromUuid('asset', row.id),
    name: row.name,
    model: row.model,
    serial: row.serial,
    epc: row.epc,
    epc_uri: row.epc === null ? null : epcUri(row.epc),
    state: assetState(facts, atMs),
    home: referenceOf('cabinet', row.home_cabinet_id, row.home_name),
    site: referenceOf('site', row.site_id, row.site_name),
    // A cabinet of a site that this user may not see stays unnamed.
    cabinet: seesSite(scope, row.custody_site_id)
      ? referenceOf('cabinet', row.custody_cabinet_id, row.custody_cabinet_name)
      : null,
    holder: held ? referenceOf('person', row.holder_id, row.holder_name) : null,
    since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
    session: row.session_id === null ? null : idFromUuid('session', row.session_id),
    disputed: row.disputed ?? false,
    calibration_due_at: row.calibration_due_at?.toISOString() ?? null,
    groups: row.groups,
    licences: row.licences,
    two_person: row.two_person,
    place: row.place,
    kit: referenceOf('asset', row.kit_id, row.kit_name),
    fresh: reported,
    as_of: row.last_seen_at?.toISOString() ?? null,
  };
}

export function factsOf(row: AssetRow): AssetFacts {
  return {
    status: row.status,
    calibrationDueAtMs: row.calibration_due_at?.getTime() ?? null,
    custody:
      row.custody_state === null || row.since === null
        ? null
        : {
            state: row.custody_state,
            disputed: row.disputed ?? false,
            sinceMs: row.since.getTime(),
            missingSinceMs: row.missing_since?.getTime() ?? null,
          },
  };
}
