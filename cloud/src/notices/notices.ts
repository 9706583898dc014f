import type { NoticeView, newNotice } from '@tagtrail/shared/api/notice.js';
import { z } from 'zod';
import type { Asking } from '../api/context.js';
import { decodeCursor, encodeCursor, type Page, pageOf } from '../api/cursor.js';
import { requireAllSites } from '../auth/scope.js';
import { recordChange } from '../entries/record-change.js';
import { type Sql, sql } from '../store/sql.js';

interface NoticeRow {
  readonly version: number;
  readonly text_en: string;
  readonly text_fr: string;
  readonly changes_en: string[];
  readonly changes_fr: string[];
  readonly contact: string | null;
  readonly published_at: Date;
  readonly acknowledged: number;
}

const versionKey = z.tuple([z.int().min(1)]);

/** Every version of the privacy notice, newest first. */
export async function listNotices(
  asking: Asking,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): Promise<Page<NoticeView>> {
  const before = decodeCursor('notices', versionKey, cursor);
  const rows = await readRows(asking, before === undefined ? sql`true` : sql`n.version < ${before[0]}`, limit + 1);
  return pageOf(rows, limit, { view: noticeView, cursor: (row) => encodeCursor('notices', [row.version]) });
}

/** The next version, shown at every cabinet from its next rulebook on. @throws ApiProblem `not-allowed`. */
export async function publishNotice(asking: Asking, notice: z.output<typeof newNotice>): Promise<NoticeView> {
  const { tx, scope, atMs } = asking;
  requireAllSites(scope);
  const { text, changes, contact } = notice;
  // Two at once: the later one waits for this lock, and counts on.
  await tx.$queryRaw(sql`select 1 from tenant_head where tenant_id = ${scope.tenantId}::uuid for update`);
  const [made] = await tx.$queryRaw<{ version: number }[]>(sql`
    insert into privacy_notice (tenant_id, version, text_en, text_fr, changes_en, changes_fr, contact, published_at)
    select ${scope.tenantId}::uuid, coalesce(max(version), 0) + 1, ${text.en}, ${text.fr}, ${changes.en}::text[],
      ${changes.fr}::text[], ${contact}, ${new Date(atMs)}
    from privacy_notice where tenant_id = ${scope.tenantId}::uuid
    returning version`);
  const version = made?.version ?? 1;
  await recordChange(asking, { kind: 'notice.published', data: { version } });
  const [row] = await readRows(asking, sql`n.version = ${version}`, 1);
  return noticeView(row as NoticeRow);
}

async function readRows({ tx, scope }: Asking, where: Sql, limit: number): Promise<NoticeRow[]> {
  return await tx.$queryRaw<NoticeRow[]>(sql`
    with shown as (
      select n.* from privacy_notice n where n.tenant_id = ${scope.tenantId}::uuid and ${where}
      order by n.version desc limit ${limit}),
    read as (
      select (e.data->>'version')::int as version, count(distinct e.actor_id)::int as people from entry e
      where e.tenant_id = ${scope.tenantId}::uuid and e.kind = 'notice.acknowledged' and e.status = 'accepted' group by 1)
    select n.*, coalesce(r.people, 0) as acknowledged from shown n left join read r on r.version = n.version
    order by n.version desc`);
}

function noticeView(row: NoticeRow): NoticeView {
  return {
    version: row.version,
    text: { en: row.text_en, fr: row.text_fr },
    changes: { en: row.changes_en, fr: row.changes_fr },
    contact: row.contact,
    published_at: row.published_at.toISOString(),
    acknowledged: row.acknowledged,
  };
}
