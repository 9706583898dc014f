import type { LegalHold, PlaceHold } from '@tagtrail/shared/api/retention.js';
import { type IdPrefix, idFromUuid, newUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Asking } from '../api/context.js';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { ApiProblem, notFound } from '../api/problem.js';
import type { Scope } from '../auth/scope.js';
import { recordChange } from '../entries/record-change.js';
import { type Sql, sql, type Tx } from '../store/sql.js';
import { dayOf } from './read-rules.js';

type SubjectKind = 'person' | 'asset' | 'order' | 'site';

/** Where the subject of each kind of hold is looked up. Lines keep an order that has gone from its own table. */
const known: Readonly<Record<SubjectKind, Sql>> = {
  person: sql`select tenant_id, id from person`,
  asset: sql`select tenant_id, id from asset`,
  order: sql`select tenant_id, id from work_order union all select tenant_id, order_id from entry where order_id is not null`,
  site: sql`select tenant_id, id from site`,
};

/**
 * Puts a hold on lines: from the commit on no run touches them, and none that has begun goes on to.
 * @throws ApiProblem `invalid-request`, `not-allowed`, `not-found`.
 */
export async function placeLegalHold(asking: Asking, random: Random, hold: PlaceHold): Promise<LegalHold> {
  const { tx, scope, atMs } = asking;
  requireAllSites(scope);
  if (hold.review_on <= dayOf(atMs)) throw new ApiProblem('invalid-request', 'The date to look again must lie ahead.');
  if (hold.kind === 'period' && hold.from >= hold.to) {
    throw new ApiProblem('invalid-request', 'The period must begin before it ends.');
  }
  const id = newUuid(atMs, random);
  const subject = hold.kind === 'period' ? null : await subjectOf(asking, hold);
  await tx.$executeRaw(sql`
    insert into legal_hold (tenant_id, id, kind, subject_id, subject_text, from_at, to_at, reason, review_on, placed_by,
      placed_at)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${hold.kind}, ${subject}::uuid,
      ${hold.kind === 'period' ? null : hold.subject}, ${hold.kind === 'period' ? new Date(hold.from) : null}::timestamptz,
      ${hold.kind === 'period' ? new Date(hold.to) : null}::timestamptz, ${hold.reason}, ${hold.review_on}::date,
      ${scope.userId}::uuid, ${new Date(atMs)})`);
  await recordChange(asking, {
    kind: 'hold.placed',
    data: { hold: idFromUuid('hold', id), about: hold.kind, reviewOn: hold.review_on },
    ...(hold.kind === 'person' ? { personId: subject } : {}),
    ...(hold.kind === 'asset' ? { assetId: subject } : {}),
    ...(hold.kind === 'site' ? { siteId: subject } : {}),
  });
  return await readHold(asking, id);
}

/** @throws ApiProblem `not-found`, `conflict` for one that has been released. */
export async function releaseLegalHold(
  asking: Asking,
  release: { readonly id: string; readonly reason: string },
): Promise<LegalHold> {
  const { tx, scope, atMs } = asking;
  requireAllSites(scope);
  const hold = await readHold(asking, release.id);
  const released = await tx.$executeRaw(sql`
    update legal_hold set released_by = ${scope.userId}::uuid, released_at = ${new Date(atMs)}, release_reason = ${release.reason}
    where tenant_id = ${scope.tenantId}::uuid and id = ${release.id}::uuid and released_at is null`);
  if (released === 0) throw new ApiProblem('conflict', 'This hold has been released already.');
  await recordChange(asking, { kind: 'hold.released', data: { hold: hold.id, about: hold.kind } });
  return await readHold(asking, release.id);
}

interface HoldRow {
  readonly id: string;
  readonly kind: LegalHold['kind'];
  readonly subject_id: string | null;
  readonly subject_name: string | null;
  readonly from_at: Date | null;
  readonly to_at: Date | null;
  readonly reason: string;
  readonly review_on: string;
  readonly placed_by: string;
  readonly placed_by_name: string | null;
  readonly placed_at: Date;
  readonly released_by: string | null;
  readonly released_by_name: string | null;
  readonly released_at: Date | null;
  readonly release_reason: string | null;
}

/** Holds, latest first; those that are released too. */
export async function listHolds(
  { tx, scope, atMs }: Asking,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): Promise<Page<LegalHold>> {
  requireAllSites(scope);
  const before = decodeCursor('holds', uuidKey, cursor);
  const rows = await query(tx, scope, {
    where: before === undefined ? sql`true` : sql`h.id < ${before[0]}::uuid`,
    limit: limit + 1,
  });
  return pageOf(rows, limit, { view: (row) => holdView(row, atMs), cursor: (row) => encodeCursor('holds', [row.id]) });
}

async function readHold({ tx, scope, atMs }: Asking, id: string): Promise<LegalHold> {
  const rows = await query(tx, scope, { where: sql`h.id = ${id}::uuid`, limit: 1 });
  const row = rows[0];
  if (row === undefined) throw notFound('hold');
  return holdView(row, atMs);
}

async function query(tx: Tx, scope: Scope, selection: { where: Sql; limit: number }): Promise<HoldRow[]> {
  return await tx.$queryRaw<HoldRow[]>(sql`
    select h.id::text, h.kind, h.subject_id::text, coalesce(p.name, a.name, s.name, w.number) as subject_name, h.from_at, h.to_at,
      h.reason, h.review_on::text, h.placed_by::text, u.name as placed_by_name, h.placed_at, h.released_by::text,
      r.name as released_by_name, h.released_at, h.release_reason
    from legal_hold h
      left join person p on p.tenant_id = h.tenant_id and p.id = h.subject_id and h.kind = 'person'
      left join asset a on a.tenant_id = h.tenant_id and a.id = h.subject_id and h.kind = 'asset'
      left join site s on s.tenant_id = h.tenant_id and s.id = h.subject_id and h.kind = 'site'
      left join work_order w on w.tenant_id = h.tenant_id and w.id = h.subject_id and h.kind = 'order'
      left join auth_user u on u.id = h.placed_by::text left join auth_user r on r.id = h.released_by::text
    where h.tenant_id = ${scope.tenantId}::uuid and ${selection.where} order by h.id desc limit ${selection.limit}`);
}

function holdView(row: HoldRow, atMs: number): LegalHold {
  const prefix = row.kind as IdPrefix;
  return {
    id: idFromUuid('hold', row.id),
    kind: row.kind,
    subject: row.subject_id === null ? null : { id: idFromUuid(prefix, row.subject_id), name: row.subject_name },
    from: row.from_at?.toISOString() ?? null,
    to: row.to_at?.toISOString() ?? null,
    reason: row.reason,
    review_on: row.review_on,
    placed_by: { id: idFromUuid('user', row.placed_by), name: row.placed_by_name },
    placed_at: row.placed_at.toISOString(),
    released_by:
      row.released_by === null ? null : { id: idFromUuid('user', row.released_by), name: row.released_by_name },
    released_at: row.released_at?.toISOString() ?? null,
    release_reason: row.release_reason,
    review_over: row.released_at === null && row.review_on <= dayOf(atMs),
  };
}

async function subjectOf(
  { tx, scope }: Asking,
  { kind, subject }: { readonly kind: SubjectKind; readonly subject: string },
): Promise<string> {
  const uuid = uuidFromId(kind, subject);
  const rows = await tx.$queryRaw<{ id: string }[]>(
    sql`select id::text from (${known[kind]}) k where tenant_id = ${scope.tenantId}::uuid and id = ${uuid}::uuid limit 1`,
  );
  if (rows.length === 0) throw notFound(kind);
  return uuid;
}

/** A hold reaches over all sites, so it is for those who see all of them. */
function requireAllSites(scope: Scope): void {
  if (scope.siteIds !== null)
    throw new ApiProblem('not-allowed', 'Only users who see all sites can see and place holds.');
}
