import type { EntryView, timelineQuery } from '@tagtrail/shared/api/entry.js';
import type { z } from 'zod';
import { decodeCursor, encodeCursor, indexKey, type Page, pageOf } from '../api/cursor.js';
import { ApiProblem } from '../api/problem.js';
import type { Scope } from '../auth/scope.js';
import { joinSql, type Sql, sql, type Tx } from '../store/sql.js';
import { readEntries, readHead } from './read-entries.js';
import { goesOnFrom, readMarks } from './trail-mark.js';

export type TimelineQuery = z.output<typeof timelineQuery>;

/** What a timeline is of; all ids are UUIDs. */
export type TimelineOf =
  | { readonly asset: string }
  | { readonly person: string }
  | { readonly cabinet: string }
  | { readonly order: string }
  | { readonly session: string };

export interface TimelineRequest {
  readonly scope: Scope;
  readonly atMs: number;
  readonly of: TimelineOf;
  readonly query: TimelineQuery;
}

/** The lines about one thing, newest first. */
export async function readTimeline(tx: Tx, request: TimelineRequest): Promise<Page<EntryView>> {
  const { scope, atMs, of, query } = request;
  const list = `timeline ${Object.entries(of).flat().join(' ')}`;
  const before = decodeCursor(list, indexKey, query.cursor);
  const narrowed: Sql[] = [];
  if (before !== undefined) narrowed.push(sql`e.index < ${before[0]}`);
  if (query.kind !== undefined) narrowed.push(sql`e.kind = ${query.kind}`);
  if (query.from !== undefined) narrowed.push(sql`e.occurred_at >= ${new Date(query.from)}`);
  if (query.to !== undefined) narrowed.push(sql`e.occurred_at <= ${new Date(query.to)}`);
  const rows = await readEntries(tx, {
    scope,
    atMs,
    anyOf: about(of).map((condition) => joinSql([condition, ...narrowed], ' and ')),
    order: 'newest first',
    limit: query.limit + 1,
  });
  return pageOf(rows, query.limit, { view: (row) => row, cursor: (row) => encodeCursor(list, [row.index]) });
}

export interface FeedRequest {
  readonly scope: Scope;
  readonly atMs: number;
  readonly after: number;
  /** The mark that came with `after`; without one, nobody can tell whether the trail is still the same. */
  readonly mark?: string | undefined;
  readonly limit: number;
  readonly kind?: string | undefined;
}

export interface Feed {
  readonly data: EntryView[];
  readonly next_after: number;
  readonly next_mark: string | null;
  readonly has_more: boolean;
}

/**
 * The trail from `after` (exclusive) on, oldest first; moves past what the scope may not see.
 * @throws ApiProblem `trail-restored` when the line at `after` is another one than that of `mark`.
 */
export async function readFeed(tx: Tx, request: FeedRequest): Promise<Feed> {
  const { scope, atMs, after, mark, limit, kind } = request;
  const head = await readHead(tx, scope);
  const range = sql`e.index > ${after} and e.index <= ${head}`;
  const rows = await readEntries(tx, {
    scope,
    atMs,
    anyOf: [kind === undefined ? range : sql`${range} and e.kind = ${kind}`],
    order: 'oldest first',
    limit: limit + 1,
  });
  const data = rows.slice(0, limit);
  const more = rows.length > limit;
  const last = data.at(-1);
  const next = more && last !== undefined ? last.index : Math.max(head, after);
  const marks = await readMarks(tx, scope.tenantId, [after, next]);
  if (mark !== undefined && !goesOnFrom(marks, { index: after, mark })) {
    throw new ApiProblem('trail-restored', `The line at ${after} is not the one that came with this mark.`);
  }
  return { data, has_more: more, next_after: next, next_mark: marks.get(next) ?? null };
}

function about(of: TimelineOf): Sql[] {
  if ('asset' in of) return [sql`e.asset_id = ${of.asset}::uuid`];
  if ('cabinet' in of) return [sql`e.cabinet_id = ${of.cabinet}::uuid`];
  if ('order' in of) return [sql`e.order_id = ${of.order}::uuid`];
  if ('session' in of) return [sql`e.session_id = ${of.session}::uuid`];
  return [sql`e.actor_id = ${of.person}::uuid`, sql`e.counterpart_id = ${of.person}::uuid`];
}
