import type { ExportQuery } from '@tagtrail/shared/api/proof.js';
import { base64OfBytes } from '@tagtrail/shared/bytes/base64.js';
import { type IdPrefix, isId, uuidFromId } from '@tagtrail/shared/ids.js';
import {
  type CustodyLine,
  type ExportFilter,
  nextCustodyDigest,
  noCustodyDigest,
} from '@tagtrail/shared/proof/export-format.js';
import type { Asking } from '../api/context.js';
import { ApiProblem, invalidReference } from '../api/problem.js';
import { entriesInScope, unexpired } from '../entries/read-entries.js';
import { recordChange } from '../entries/record-change.js';
import { readCutoffs } from '../retention/read-rules.js';
import type { Cutoff } from '../retention/retention-rules.js';
import { nodeHashing } from '../store/hashing.js';
import { joinSql, type Sql, sql, type Tx } from '../store/sql.js';

/** An export whose line stands in the trail; what is still to be written is the same whenever it is read. */
export interface PreparedExport {
  readonly tenant: string;
  readonly filter: ExportFilter;
  /** UUID. */
  readonly person: string | null;
  readonly exportedAt: string;
  readonly expiredBefore: string | null;
  readonly custodyAt: number;
  readonly custody: readonly CustodyLine[];
  readonly cutoffs: readonly Cutoff[];
  /** The condition on the entry `e` to be shown in the file. */
  readonly shown: Sql;
}

/**
 * Writes the export into the trail before anything leaves, with its filter, its count and the
 * digest of the custody that goes with it.
 * @throws ApiProblem `not-allowed` for a user of some sites only, `invalid-reference`, `trail-unsigned`
 * before the first checkpoint.
 */
export async function prepareExport(asking: Asking, query: ExportQuery): Promise<PreparedExport> {
  const { tx, scope, atMs } = asking;
  if (scope.siteIds !== null) throw new ApiProblem('not-allowed', 'An export needs a user who sees all sites.');
  const tenant = scope.tenantId;
  const { filter, person } = await filterOf(asking, query);
  await requireCheckpoint(tx, tenant);
  const cutoffs = await readCutoffs(tx, tenant, atMs);
  const wanted = sql`${entriesInScope(scope)} and ${unexpired(cutoffs)} and ${matching(filter, person)}`;
  const counted = await tx.$queryRaw<{ entries: number }[]>(
    sql`select count(*)::int as entries from entry e where ${wanted}`,
  );
  const custodyAt = (await lockHead(tx, tenant)) + 1;
  const custody = await readCustody(tx, tenant);
  const before = cutoffs.filter(({ action }) => action === 'delete').map(({ beforeMs }) => beforeMs);
  const expiredBefore = before.length === 0 ? null : new Date(Math.max(...before)).toISOString();
  let digest: Uint8Array = noCustodyDigest;
  for (const line of custody) digest = nextCustodyDigest(nodeHashing, digest, line);
  await recordChange(asking, {
    kind: 'trail.exported',
    data: { filter, expiredBefore, entries: counted[0]?.entries ?? 0, custodyDigest: base64OfBytes(digest) },
    personId: person,
  });
  const shown = sql`(${wanted} or (e.tenant_id = ${tenant}::uuid and e.index = ${custodyAt - 1}))`;
  const exportedAt = new Date(atMs).toISOString();
  return { tenant, filter, person, exportedAt, expiredBefore, custodyAt, custody, cutoffs, shown };
}

async function filterOf(
  { tx, scope }: Asking,
  query: ExportQuery,
): Promise<{ readonly filter: ExportFilter; readonly person: string | null }> {
  const tenantId = scope.tenantId;
  const site = uuidOf('site', query.site_id);
  const asset = uuidOf('asset', query.asset_id);
  const person = uuidOf('person', query.person_id);
  const where = (id: string) => ({ where: { tenantId, id } });
  if (site !== null && (await tx.site.count(where(site))) === 0) throw invalidReference('site_id', 'site');
  if (asset !== null && (await tx.asset.count(where(asset))) === 0) throw invalidReference('asset_id', 'asset');
  if (person !== null && (await tx.person.count(where(person))) === 0) throw invalidReference('person_id', 'person');
  return { filter: { from: query.from ?? null, to: query.to ?? null, site, asset }, person };
}

function uuidOf(prefix: IdPrefix, id: string | undefined): string | null {
  if (id === undefined) return null;
  if (!isId(prefix, id)) throw invalidReference(`${prefix}_id`, prefix);
  return uuidFromId(prefix, id);
}

async function requireCheckpoint(tx: Tx, tenant: string): Promise<void> {
  if ((await tx.checkpoint.findFirst({ where: { tenantId: tenant }, select: { size: true } })) === null) {
    throw new ApiProblem('trail-unsigned', 'The trail has no signed checkpoint yet.');
  }
}

function matching({ from, to, site, asset }: ExportFilter, person: string | null): Sql {
  const conditions = [sql`true`];
  if (from !== null) conditions.push(sql`e.occurred_at >= ${new Date(from)}`);
  if (to !== null) conditions.push(sql`e.occurred_at <= ${new Date(to)}`);
  if (site !== null) conditions.push(sql`e.site_id = ${site}::uuid`);
  if (asset !== null) conditions.push(sql`e.asset_id = ${asset}::uuid`);
  if (person !== null) conditions.push(sql`(e.actor_id = ${person}::uuid or e.counterpart_id = ${person}::uuid)`);
  return joinSql(conditions, ' and ');
}

/** Holds the trail until the export's own line is in it, so that the custody is that of one moment. */
async function lockHead(tx: Tx, tenant: string): Promise<number> {
  const rows = await tx.$queryRaw<{ next: bigint }[]>(
    sql`select next_index as next from tenant_head where tenant_id = ${tenant}::uuid for update`,
  );
  return Number(rows[0]?.next ?? 0n);
}

interface CustodyRow extends Omit<CustodyLine, 'type' | 'since' | 'effectiveAt' | 'seq'> {
  readonly since: Date;
  readonly effectiveAt: Date;
  readonly seq: bigint;
}

async function readCustody(tx: Tx, tenant: string): Promise<readonly CustodyLine[]> {
  const rows = await tx.$queryRaw<CustodyRow[]>(sql`
    select asset_id::text as asset, state, holder_id::text as holder, cabinet_id::text as cabinet,
      session_id::text as session, since, disputed, moved, effective_at as "effectiveAt", log_id as "logId", seq
    from custody where tenant_id = ${tenant}::uuid order by asset_id`);
  return rows.map((row) => ({
    type: 'custody',
    ...row,
    since: row.since.toISOString(),
    effectiveAt: row.effectiveAt.toISOString(),
    seq: Number(row.seq),
  }));
}
