import type { AttentionFigures, AttentionItem, AttentionKind, attentionQuery } from '@tagtrail/shared/api/attention.js';
import type { EntryView } from '@tagtrail/shared/api/entry.js';
import { z } from 'zod';
import type { Asking } from '../api/context.js';
import { decodeCursor, encodeCursor, type Page, pageOf } from '../api/cursor.js';
import { referenceOf } from '../entries/entry-view.js';
import { readEntries } from '../entries/read-entries.js';
import { alarmOfLine, maybeAlarm } from '../store/projections/alarm.js';
import { sql } from '../store/sql.js';
import { type Attention, findAttention, isBefore } from './find-attention.js';

/** Kinds with a line that is no alarm of the trail. */
const uncounted: ReadonlySet<AttentionKind> = new Set(['disputed', 'loss_asked', 'stream_gap', 'clone_suspected']);

const attentionKey = z.tuple([z.iso.datetime(), z.string()]);

/** What needs somebody now, newest first. */
export async function listAttention(
  asking: Asking,
  { limit, cursor, state, kind }: z.output<typeof attentionQuery>,
): Promise<Page<AttentionItem>> {
  const key = decodeCursor('attention', attentionKey, cursor);
  const last = key === undefined ? undefined : { row: { since: new Date(key[0]) }, id: key[1] };
  const found = (await findAttention(asking)).filter(
    (one) =>
      (kind === undefined || one.row.kind === kind) &&
      (state === undefined || (state === 'open') === (one.acknowledgedIndex === null)) &&
      (last === undefined || isBefore(last, one)),
  );
  const page = pageOf(found, limit, {
    view: (one) => one,
    cursor: (one) => encodeCursor('attention', [one.row.since.toISOString(), one.id]),
  });
  return { ...page, data: await itemsOf(asking, page.data) };
}

/** Each with the line that says so, who looks after it, and how often it has happened. */
export async function itemsOf(asking: Asking, found: readonly Attention[]): Promise<AttentionItem[]> {
  const indexes = found.flatMap(({ row, acknowledgedIndex }) => [Number(row.index ?? -1), acknowledgedIndex ?? -1]);
  const lines = await readEntries(asking.tx, {
    ...{ scope: asking.scope, atMs: asking.atMs, order: 'oldest first', limit: Math.max(1, indexes.length) },
    anyOf: [sql`e.index = any(${indexes}::bigint[])`],
  });
  const lineAt = new Map(lines.map((line) => [line.index, line]));
  const timesOf = await countAlarms(asking, found);
  return found.map(({ id, mark, row, acknowledgedIndex }) => ({
    ...{ id, kind: row.kind, mark, since: row.since.toISOString(), times: timesOf.get(id) ?? row.times },
    site: referenceOf('site', row.site_id, row.site_name),
    cabinet: referenceOf('cabinet', row.cabinet_id, row.cabinet_name),
    asset: referenceOf('asset', row.asset_id, row.asset_name),
    entry: row.index === null ? null : (lineAt.get(Number(row.index)) ?? null),
    reason: row.reason,
    acknowledged: acknowledgedIndex === null ? null : wordOf(lineAt.get(acknowledgedIndex)),
  }));
}

/** Part of the overview. */
export async function readAttentionFigures(asking: Asking): Promise<AttentionFigures> {
  const found = await findAttention(asking);
  const open = found.filter(({ acknowledgedIndex }) => acknowledgedIndex === null);
  const byKind: Partial<Record<AttentionKind, number>> = {};
  for (const { row } of open) byKind[row.kind] = (byKind[row.kind] ?? 0) + 1;
  return { open: open.length, acknowledged: found.length - open.length, by_kind: byKind };
}

/** A line that may no longer be shown leaves the fact that somebody looks after it. */
function wordOf(line: EntryView | undefined): AttentionItem['acknowledged'] {
  if (line === undefined) return { by: null, at: null, note: null };
  const { note } = line.data;
  return { by: line.actor, at: line.time, note: typeof note === 'string' ? note : null };
}

/** How often each alarm was raised since somebody last looked after it. */
async function countAlarms({ tx, scope }: Asking, found: readonly Attention[]): Promise<ReadonlyMap<string, number>> {
  const alarms = found.filter(({ row }) => row.index !== null && !uncounted.has(row.kind));
  if (alarms.length === 0) return new Map();
  const asked = alarms.map(({ id, row }) => ({
    ...{ id, kind: row.kind, subject: row.asset_id ?? row.cabinet_id, last: Number(row.index) },
  }));
  const rows = await tx.$queryRaw<{ id: string; times: number }[]>(sql`
    select asked.id, greatest(1, count(told.index))::int as times
    from json_to_recordset(${JSON.stringify(asked)}::json) as asked (id text, kind text, subject uuid, last bigint)
      left join acknowledgement w on w.tenant_id = ${scope.tenantId}::uuid and w.about = asked.id
      left join lateral (
        select index from entry
        where tenant_id = ${scope.tenantId}::uuid and ${maybeAlarm} and index <= asked.last
          and coalesce(asset_id, cabinet_id) = asked.subject and ${alarmOfLine} = asked.kind
          and index > case when w.mark ~ '^[0-9]{1,18}$' and w.mark::bigint < asked.last then w.mark::bigint else -1 end
      ) told on true
    group by asked.id`);
  return new Map(rows.map(({ id, times }) => [id, times]));
}
