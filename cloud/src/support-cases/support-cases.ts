import {
  type newSupportCase,
  type SupportCaseView,
  type supportCaseEnd,
  supportCaseKeepDays,
  type supportCaseQuery,
} from '@tagtrail/shared/api/support-case.js';
import { idFromUuid, newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { ApiProblem, notFound } from '../api/problem.js';
import { recordChange } from '../entries/record-change.js';
import { joinSql, type Sql, sql } from '../store/sql.js';

interface CaseRow {
  readonly id: string;
  readonly status: 'open' | 'closed';
  readonly subject: string;
  readonly text: string;
  readonly outcome: string | null;
  readonly consent_index: bigint | null;
  readonly opened_by: string;
  readonly opener: string | null;
  readonly opened_at: Date;
  readonly closed_by: string | null;
  readonly closer: string | null;
  readonly closed_at: Date | null;
}

const dayMs = 86_400_000;

/** Support cases, newest first; those whose time is over are not shown, deleted or not. */
export async function listSupportCases(
  asking: Asking,
  query: z.output<typeof supportCaseQuery>,
): Promise<Page<SupportCaseView>> {
  const before = decodeCursor('support cases', uuidKey, query.cursor);
  const conditions: Sql[] = [sql`true`];
  if (before !== undefined) conditions.push(sql`s.id < ${before[0]}::uuid`);
  if (query.status !== undefined) conditions.push(sql`s.status = ${query.status}`);
  const rows = await readRows(asking, joinSql(conditions, ' and '), query.limit + 1);
  return pageOf(rows, query.limit, { view: caseView, cursor: (row) => encodeCursor('support cases', [row.id]) });
}

/**
 * The words stay out of the trail, which outlives them.
 * @throws ApiProblem `invalid-reference` when no line at `consent_index` says that names were agreed to.
 */
export async function openSupportCase(
  asking: Asking,
  random: Random,
  asked: z.output<typeof newSupportCase>,
): Promise<SupportCaseView> {
  const { tx, scope, atMs } = asking;
  if (asked.consent_index !== null) await requireConsent(asking, asked.consent_index);
  const id = newUuid(atMs, random);
  await tx.$executeRaw(sql`
    insert into support_case (tenant_id, id, subject, text, consent_index, opened_by, opened_at)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${asked.subject}, ${asked.text}, ${asked.consent_index}::bigint,
      ${scope.userId}::uuid, ${new Date(atMs)})`);
  await recordChange(asking, { kind: 'support_case.opened', data: { case: idFromUuid('case', id) } });
  return await readSupportCase(asking, id);
}

/** Its clock begins. @throws ApiProblem `not-found`, `conflict` when it was closed before. */
export async function closeSupportCase(
  asking: Asking,
  id: string,
  { outcome }: z.output<typeof supportCaseEnd>,
): Promise<SupportCaseView> {
  const { tx, scope, atMs } = asking;
  await readSupportCase(asking, id);
  const closed = await tx.$executeRaw(sql`
    update support_case set status = 'closed', outcome = ${outcome}, closed_by = ${scope.userId}::uuid,
      closed_at = ${new Date(atMs)}
    where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid and status = 'open'`);
  if (closed === 0) throw new ApiProblem('conflict', 'This case has been closed before.');
  await recordChange(asking, { kind: 'support_case.closed', data: { case: idFromUuid('case', id) } });
  return await readSupportCase(asking, id);
}

/** @throws ApiProblem `not-found`. */
export async function readSupportCase(asking: Asking, id: string): Promise<SupportCaseView> {
  const [row] = await readRows(asking, sql`s.id = ${id}::uuid`, 1);
  if (row === undefined) throw notFound('support case');
  return caseView(row);
}

async function requireConsent({ tx, scope }: Asking, index: number): Promise<void> {
  const found = await tx.$queryRaw<unknown[]>(sql`
    select 1 from entry e where e.tenant_id = ${scope.tenantId}::uuid and e.index = ${index}
      and e.kind = 'diagnostics.names_shown'`);
  if (found.length > 0) return;
  throw new ApiProblem('invalid-reference', 'No line of the trail at this index says that names were agreed to.', {
    errors: [{ field: 'consent_index', problem: 'not a line of the kind "diagnostics.names_shown"' }],
  });
}

async function readRows({ tx, scope, atMs }: Asking, where: Sql, limit: number): Promise<CaseRow[]> {
  const over = new Date(atMs - supportCaseKeepDays * dayMs);
  return await tx.$queryRaw<CaseRow[]>(sql`
    select s.id::text, s.status, s.subject, s.text, s.outcome, s.consent_index,
      s.opened_by::text, o.name as opener, s.opened_at, s.closed_by::text, c.name as closer, s.closed_at
    from support_case s
      left join auth_user o on o.id = s.opened_by::text
      left join auth_user c on c.id = s.closed_by::text
    where s.tenant_id = ${scope.tenantId}::uuid and ${where} and (s.closed_at is null or s.closed_at >= ${over}
      or exists (select 1 from legal_hold h where h.tenant_id = s.tenant_id and h.released_at is null))
    order by s.id desc limit ${limit}`);
}

function caseView(row: CaseRow): SupportCaseView {
  const user = (id: string, name: string | null) => ({ id: idFromUuid('user', id), name });
  return {
    id: idFromUuid('case', row.id),
    status: row.status,
    subject: row.subject,
    text: row.text,
    outcome: row.outcome,
    consent_index: row.consent_index === null ? null : Number(row.consent_index),
    opened_by: user(row.opened_by, row.opener),
    opened_at: row.opened_at.toISOString(),
    closed_by: row.closed_by === null ? null : user(row.closed_by, row.closer),
    closed_at: row.closed_at?.toISOString() ?? null,
    delete_at:
      row.closed_at === null ? null : new Date(row.closed_at.getTime() + supportCaseKeepDays * dayMs).toISOString(),
  };
}
