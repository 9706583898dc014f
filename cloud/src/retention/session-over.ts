import { joinSql, type Sql, sql } from '../store/sql.js';
import type { Cutoff } from './retention-rules.js';

/** Where a query has what decides over a cabinet session: its last known time, and the site of its cabinet. */
export interface SessionColumns {
  readonly at: Sql;
  readonly site: Sql;
}

/** Whether a cabinet session is over for readers, and whether the person at it is. */
export interface SessionOver {
  readonly gone: Sql;
  readonly unnamed: Sql;
}

/**
 * The conditions of a query that leave out cabinet sessions whose time is over before a run has
 * removed them. They go by the cabinet's own time, which never lies after the recording of the lines:
 * a session that came in late goes earlier than its lines, not later.
 */
export function sessionOver(cutoffs: readonly Cutoff[], columns: SessionColumns): SessionOver {
  const own = cutoffs.filter(({ category }) => category === 'session');
  const gone = anyOf(
    own.filter(({ action }) => action === 'delete'),
    columns,
  );
  return { gone, unnamed: anyOf(own, columns) };
}

function anyOf(cutoffs: readonly Cutoff[], { at, site }: SessionColumns): Sql {
  if (cutoffs.length === 0) return sql`false`;
  const over = cutoffs.map(({ beforeMs, ...cutoff }) => {
    const before = new Date(beforeMs);
    if (cutoff.site !== null) return sql`(coalesce(${at} < ${before}, false) and ${site} = ${cutoff.site}::uuid)`;
    return sql`(coalesce(${at} < ${before}, false) and ${site} <> all(${[...cutoff.except]}::uuid[]))`;
  });
  return sql`(${joinSql(over, ' or ')})`;
}
