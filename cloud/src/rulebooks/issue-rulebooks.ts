import type { Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import type { Transaction } from '../store/prisma.js';
import { appendEntries, cloudEntry } from '../store/trail.js';
import { rulebookSet } from './build-rulebook.js';
import { readRulebookCabinets, readRulebookFacts } from './read-facts.js';

/** Versions that are kept for each cabinet. */
const keptVersions = 20;

export interface IssuedRulebook {
  /** UUID. */
  readonly cabinet: string;
  /** It says something else than the version before. */
  readonly isNew: boolean;
  /** Nothing was ever sent to this cabinet. */
  readonly isFirst: boolean;
  /** Built when it is asked for: most are not sent. */
  readonly rulebook: () => Rulebook;
}

export interface IssueAt {
  /** UUID. */
  readonly tenant: string;
  readonly wallMs: number;
  /** The version that a cabinet (UUID) has just said it works by, where it may be one that this cloud never issued. */
  readonly ahead?: ReadonlyMap<string, number>;
}

/** Brings the stored versions up to date; each new one is a line of the trail. */
export async function issueRulebooks(
  tx: Transaction,
  { tenant, wallMs, ahead }: IssueAt,
): Promise<readonly IssuedRulebook[]> {
  // First: whatever the trail has said until here stands in the facts that are read after it.
  const coversIndex = await lastIndex(tx, tenant);
  const facts = await readRulebookFacts(tx, tenant);
  if (facts === undefined) return [];
  const set = rulebookSet(facts);
  const cabinets = await readRulebookCabinets(tx, tenant);
  const lastOf = await lastVersions(tx, tenant);
  const reported = await reportedVersions(tx, tenant);
  const issuedAt = new Date(wallMs);
  const rows = [];
  const entries = [];
  const books: IssuedRulebook[] = [];
  const unchanged: string[] = [];
  const overtaken: string[] = [];
  for (const cabinet of cabinets) {
    const before = lastOf.get(cabinet.id);
    const contentDigest = set.digestOf(cabinet);
    const known = before?.version ?? 0;
    const worksBy = Math.max(ahead?.get(cabinet.id) ?? 0, reported.get(cabinet.id) ?? 0);
    const isNew = before?.contentDigest !== contentDigest || worksBy > known;
    const version = isNew ? Math.max(known, worksBy) + 1 : before.version;
    if (worksBy > known) overtaken.push(cabinet.id);
    const at = (isNew ? issuedAt : before.issuedAt).toISOString();
    books.push({
      ...{ cabinet: cabinet.id, isNew, isFirst: before === undefined },
      rulebook: () => ({ ...set.bodyOf(cabinet), version, issuedAt: at }),
    });
    if (!isNew) {
      unchanged.push(cabinet.id);
      continue;
    }
    rows.push({ tenantId: tenant, cabinetId: cabinet.id, version, issuedAt, contentDigest, coversIndex });
    const event = { tenant, at, cabinetId: cabinet.id, siteId: cabinet.siteId };
    entries.push(cloudEntry({ ...event, kind: 'rulebook.issued', data: { version } }));
  }
  await coverWithNewest(tx, { tenant, cabinets: unchanged, coversIndex });
  // A version of theirs with such a number held other rules: nobody may read from it what a cabinet knows.
  await tx.rulebookVersion.deleteMany({ where: { tenantId: tenant, cabinetId: { in: overtaken } } });
  if (rows.length > 0) {
    await tx.rulebookVersion.createMany({ data: rows });
    await forgetOldVersions(tx, tenant);
    await appendEntries(tx, { tenant, recordedAt: issuedAt.toISOString() }, entries);
  }
  return books;
}

interface StoredVersion {
  readonly cabinetId: string;
  readonly version: number;
  readonly contentDigest: string;
  readonly issuedAt: Date;
}

async function lastVersions(tx: Transaction, tenant: string): Promise<ReadonlyMap<string, StoredVersion>> {
  const rows = await tx.$queryRaw<StoredVersion[]>`
    select distinct on (cabinet_id) cabinet_id::text as "cabinetId", version, content_digest as "contentDigest",
      issued_at as "issuedAt"
    from rulebook_version where tenant_id = ${tenant}::uuid order by cabinet_id, version desc`;
  return new Map(rows.map((row) => [row.cabinetId, row]));
}

/** What cabinets last said they work by, in their state. */
async function reportedVersions(tx: Transaction, tenant: string): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.$queryRaw<{ cabinet: string; version: number }[]>`
    select cabinet_id::text as cabinet, least((body->>'rulebook')::numeric, 2000000000)::int as version
    from cabinet_state where tenant_id = ${tenant}::uuid and body->>'rulebook' is not null`;
  return new Map(rows.map(({ cabinet, version }) => [cabinet, version]));
}

async function lastIndex(tx: Transaction, tenant: string): Promise<bigint> {
  const head = await tx.tenantHead.findUnique({ where: { tenantId: tenant } });
  return (head?.nextIndex ?? 0n) - 1n;
}

/** What has changed since says nothing new to these cabinets: their newest version holds it, too. */
async function coverWithNewest(
  tx: Transaction,
  of: { readonly tenant: string; readonly cabinets: readonly string[]; readonly coversIndex: bigint },
): Promise<void> {
  await tx.$executeRaw`
    update rulebook_version v set covers_index = ${of.coversIndex}
    where v.tenant_id = ${of.tenant}::uuid and v.cabinet_id = any(${[...of.cabinets]}::uuid[])
      and v.covers_index < ${of.coversIndex}
      and v.version = (select max(n.version) from rulebook_version n
        where n.tenant_id = v.tenant_id and n.cabinet_id = v.cabinet_id)`;
}

async function forgetOldVersions(tx: Transaction, tenant: string): Promise<void> {
  await tx.$executeRaw`
    delete from rulebook_version old using (
      select cabinet_id, max(version) as newest from rulebook_version where tenant_id = ${tenant}::uuid group by 1
    ) as kept
    where old.tenant_id = ${tenant}::uuid and old.cabinet_id = kept.cabinet_id
      and old.version <= kept.newest - ${keptVersions}`;
}
