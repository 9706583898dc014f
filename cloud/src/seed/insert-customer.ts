import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { EntryDraft } from '../store/entry-draft.js';
import { projectionsVersion } from '../store/projections/fold.js';
import { type Sql, sql, type Tx } from '../store/sql.js';
import { appendEntries, type CloudEvent, cloudEntry } from '../store/trail.js';
import type { CustomerPlan } from './plan-customer.js';

export interface HashedUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly account_id: string;
}

/** Writes a planned customer, a statement for each table, and every creation into its trail. */
export async function insertCustomer(
  tx: Tx,
  plan: CustomerPlan,
  { users, at }: { readonly users: readonly HashedUser[]; readonly at: string },
): Promise<void> {
  for (const statement of statements(plan, users, at)) await tx.$executeRaw(statement);
  await appendEntries(tx, { tenant: plan.tenant.id, recordedAt: at }, entriesOf(plan, at));
}

function statements(plan: CustomerPlan, users: readonly HashedUser[], at: string): Sql[] {
  const tenant = sql`${plan.tenant.id}::uuid`;
  const when = sql`${at}::timestamptz`;
  return [
    sql`insert into tenant (id, name, badge_key, created_at) values (${tenant}, ${plan.tenant.name}, ${plan.tenant.badge_key}, ${when})`,
    sql`insert into tenant_head (tenant_id, projections) values (${tenant}, ${projectionsVersion})`,
    sql`insert into site (tenant_id, id, name, time_zone, created_at)
      select ${tenant}, id, name, time_zone, ${when}
      from json_to_recordset(${JSON.stringify(plan.sites)}::json) as r (id uuid, name text, time_zone text)`,
    sql`insert into cabinet (tenant_id, id, site_id, name, doors, secret_hash, public_key, created_at)
      select ${tenant}, id, site_id, name, doors, secret_hash, public_key, ${when}
      from json_to_recordset(${JSON.stringify(plan.cabinets)}::json)
        as r (id uuid, site_id uuid, name text, doors int, secret_hash text, public_key text)`,
    sql`insert into person (tenant_id, id, name, display_name, language, groups, created_at)
      select ${tenant}, id, name, display_name, language, groups, ${when}
      from json_to_recordset(${JSON.stringify(plan.people)}::json)
        as r (id uuid, name text, display_name text, language text, groups text[])`,
    sql`insert into badge (tenant_id, id, person_id, number_hash, ends_with, issued_at)
      select ${tenant}, id, person_id, number_hash, ends_with, ${when}
      from json_to_recordset(${JSON.stringify(plan.badges)}::json)
        as r (id uuid, person_id uuid, number_hash text, ends_with text)`,
    sql`insert into asset (tenant_id, id, name, model, serial, home_cabinet_id, groups, calibration_due_at, created_at)
      select ${tenant}, id, name, model, serial, home_cabinet_id, groups, calibration_due_at, ${when}
      from json_to_recordset(${JSON.stringify(plan.assets)}::json) as r (id uuid, name text, model text, serial text,
        home_cabinet_id uuid, groups text[], calibration_due_at timestamptz)`,
    sql`insert into tag_binding (tenant_id, id, epc, asset_id, bound_at)
      select ${tenant}, binding_id, epc, id, ${when}
      from json_to_recordset(${JSON.stringify(plan.assets)}::json) as r (id uuid, binding_id uuid, epc text)`,
    sql`insert into auth_user (id, name, email, email_verified, created_at, updated_at)
      select id, name, email, true, ${when}, ${when}
      from json_to_recordset(${JSON.stringify(users)}::json) as r (id text, name text, email text)`,
    sql`insert into auth_account (id, account_id, provider_id, user_id, password, created_at, updated_at)
      select account_id, id, 'credential', id, password, ${when}, ${when}
      from json_to_recordset(${JSON.stringify(users)}::json) as r (account_id text, id text, password text)`,
    sql`insert into membership (tenant_id, user_id, role, site_ids, all_sites, created_at)
      select ${tenant}, id, role, site_ids, all_sites, ${when}
      from json_to_recordset(${JSON.stringify(plan.users.map(({ password: _, ...user }) => user))}::json)
        as r (id text, role text, site_ids uuid[], all_sites boolean)`,
  ];
}

type Creation = {
  [K in
    | 'tenant.created'
    | 'site.created'
    | 'cabinet.created'
    | 'person.created'
    | 'badge.issued'
    | 'asset.created'
    | 'tag.bound']: Omit<CloudEvent<K>, 'tenant' | 'at'>;
}[
  | 'tenant.created'
  | 'site.created'
  | 'cabinet.created'
  | 'person.created'
  | 'badge.issued'
  | 'asset.created'
  | 'tag.bound'];

function entriesOf(plan: CustomerPlan, at: string): EntryDraft[] {
  const creations: Creation[] = [
    { kind: 'tenant.created', data: { name: plan.tenant.name } },
    ...plan.sites.map((site): Creation => ({ kind: 'site.created', data: { name: site.name }, siteId: site.id })),
    ...plan.cabinets.map(
      (cabinet): Creation => ({
        kind: 'cabinet.created',
        data: { name: cabinet.name },
        siteId: cabinet.site_id,
        cabinetId: cabinet.id,
      }),
    ),
    ...plan.people.map((person): Creation => ({ kind: 'person.created', data: {}, counterpartId: person.id })),
    ...plan.badges.map(
      (badge): Creation => ({
        kind: 'badge.issued',
        data: { badge: idFromUuid('badge', badge.id) },
        counterpartId: badge.person_id,
      }),
    ),
    ...plan.assets.flatMap((asset): Creation[] => [
      {
        kind: 'asset.created',
        data: { name: asset.name, model: asset.model },
        assetId: asset.id,
        siteId: asset.site_id,
      },
      { kind: 'tag.bound', data: { epc: asset.epc, replaces: null }, assetId: asset.id, siteId: asset.site_id },
    ]),
  ];
  return creations.map((creation) => cloudEntry({ tenant: plan.tenant.id, at, ...creation }));
}
