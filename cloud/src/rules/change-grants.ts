import type { GrantView, grantChange, newGrant } from '@tagtrail/shared/api/grant.js';
import type { RuleEventKind } from '@tagtrail/shared/events/rule-event.js';
import { idFromUuid, newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem, invalidReference } from '../api/problem.js';
import { referencedUuid } from '../api/request-ids.js';
import { assetJoins } from '../assets/asset-row.js';
import { knownAssets } from '../assets/known-assets.js';
import { requireAllSites } from '../auth/scope.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { type GrantRow, grantView, readGrantRow } from './read-grants.js';

/**
 * Users who see single sites grant items of theirs, by name: a model and "all" reach further.
 * @throws ApiProblem `invalid-reference`, `invalid-request`, `not-allowed`.
 */
export async function addGrant(asking: Asking, random: Random, grant: z.output<typeof newGrant>): Promise<GrantView> {
  const { tx, scope, atMs } = asking;
  const person = grant.person_id === null ? null : await knownPerson(asking, grant.person_id);
  const assets = grant.asset_ids === null ? null : await knownAssets(asking, grant.asset_ids, 'asset_ids');
  requireWhole(grant);
  if (assets === null) requireAllSites(scope);
  const id = newUuid(atMs, random);
  const windows = grant.windows === null ? null : JSON.stringify(grant.windows);
  const until = grant.valid_until === null ? null : new Date(grant.valid_until);
  await tx.$executeRaw(sql`
    insert into take_grant (tenant_id, id, effect, person_id, group_name, asset_ids, model, windows, valid_until, note,
      created_at)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${grant.effect}, ${person}::uuid, ${grant.group}, ${assets}::uuid[],
      ${grant.model}, ${windows}::jsonb, ${until}, ${grant.note}, ${new Date(atMs)})`);
  const row = await readGrantRow(asking, id);
  await record(asking, 'grant.added', row);
  return grantView(row);
}

/** @throws ApiProblem `not-found`, `not-allowed`. */
export async function changeGrant(
  asking: Asking,
  id: string,
  change: z.output<typeof grantChange>,
): Promise<GrantView> {
  const { tx, scope } = asking;
  const before = await ownGrant(asking, id);
  const { windows, valid_until: until, note } = change;
  if (before.effect === 'deny' && note === null) throw invalid('note', 'Whoever is refused is told why.');
  const after = {
    windows: windows === undefined ? before.windows : windows,
    until: until === undefined ? before.valid_until : until === null ? null : new Date(until),
    note: note === undefined ? before.note : note,
  };
  await tx.$executeRaw(sql`
    update take_grant set windows = ${after.windows === null ? null : JSON.stringify(after.windows)}::jsonb,
      valid_until = ${after.until}, note = ${after.note}
    where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
  const row = await readGrantRow(asking, id);
  await record(asking, 'grant.changed', row, { fields: Object.keys(change) });
  return grantView(row);
}

/** It holds no more; the trail keeps what it was. @throws ApiProblem `not-found`, `not-allowed`. */
export async function endGrant(asking: Asking, id: string): Promise<GrantView> {
  const { tx, scope } = asking;
  const row = await ownGrant(asking, id);
  await tx.$executeRaw(sql`delete from take_grant where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
  await record(asking, 'grant.ended', row);
  return grantView(row);
}

/** The grant, locked, for whoever sees all that it reaches. */
async function ownGrant(asking: Asking, id: string): Promise<GrantRow> {
  const { tx, scope } = asking;
  await tx.$queryRaw(
    sql`select 1 from take_grant where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid for update`,
  );
  const row = await readGrantRow(asking, id);
  if (row.named === null || row.named !== row.assets.length) requireAllSites(scope);
  return row;
}

function requireWhole({ effect, person_id, group, asset_ids, model, note }: z.output<typeof newGrant>): void {
  if ((person_id === null) === (group === null)) throw invalid('group', 'Say either a person or a group.');
  if (asset_ids !== null && model !== null) throw invalid('model', 'Say either items or a model, or neither for all.');
  if (effect === 'deny' && note === null) throw invalid('note', 'Whoever is refused is told why: say it in "note".');
}

function invalid(field: string, problem: string): ApiProblem {
  return new ApiProblem('invalid-request', problem, { errors: [{ field, problem }] });
}

async function knownPerson({ tx, scope }: Asking, id: string): Promise<string> {
  const person = referencedUuid('person', id, 'person_id');
  const rows = await tx.$queryRaw<unknown[]>(
    sql`select 1 from person where tenant_id = ${scope.tenantId}::uuid and id = ${person}::uuid`,
  );
  if (rows.length === 0) throw invalidReference('person_id', 'person');
  return person;
}

async function record(
  asking: Asking,
  kind: Extract<RuleEventKind, `grant.${string}`>,
  row: GrantRow,
  more: { readonly fields?: string[] } = {},
): Promise<void> {
  const [only] = row.named === 1 ? row.assets : [];
  const data = {
    grant: idFromUuid('grant', row.id),
    effect: row.effect,
    group: row.group_name,
    model: row.model,
    assets: row.named,
    validUntil: row.valid_until?.toISOString() ?? null,
    note: row.note,
  };
  const about = { personId: row.person_id, assetId: only?.id ?? null, siteId: await siteOf(asking, row) };
  if (kind === 'grant.changed') {
    await recordChange(asking, { kind, data: { ...data, fields: more.fields ?? [] }, ...about });
  } else await recordChange(asking, { kind, data, ...about });
}

/** The site of all that it names, where it is one: whoever sees no other sites sees the line. */
async function siteOf({ tx, scope }: Asking, row: GrantRow): Promise<string | null> {
  if (row.named === null) return null;
  const sites = await tx.$queryRaw<{ site_id: string | null }[]>(sql`
    select distinct coalesce(h.site_id, w.site_id)::text as site_id from asset a ${assetJoins}
    where a.tenant_id = ${scope.tenantId}::uuid and a.id = any(${row.assets.map(({ id }) => id)}::uuid[])`);
  return sites.length === 1 ? (sites[0]?.site_id ?? null) : null;
}
