import { z } from 'zod';
import { ApiProblem } from './problem.js';

/**
 * An opaque place in a list. It names the list it belongs to, so that a cursor of another list is
 * refused, and the values of the last row's sort key, so that rows inserted meanwhile are neither
 * skipped nor repeated. It grants nothing: the scope of the caller is applied again on every page.
 */
export function encodeCursor(list: string, key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...key]), 'utf8').toString('base64url');
}

/**
 * The sort key inside `cursor`, or undefined for the first page.
 * @throws ApiProblem `invalid-cursor` when it is damaged or belongs to another list.
 */
export function decodeCursor<S extends z.ZodType>(
  list: string,
  key: S,
  cursor: string | undefined,
): z.output<S> | undefined {
  if (cursor === undefined) return undefined;
  const parts = readParts(cursor);
  if (parts?.[0] === list) {
    const result = key.safeParse(parts.slice(1));
    if (result.success) return result.data;
  }
  throw new ApiProblem('invalid-cursor', 'The cursor is damaged or belongs to another list.');
}

export interface Page<T> {
  data: T[];
  has_more: boolean;
  next_cursor: string | null;
}

/** A page out of up to `limit + 1` rows; the row beyond the limit only says that there are more. */
export function pageOf<Row, View>(
  rows: readonly Row[],
  limit: number,
  options: { readonly view: (row: Row) => View; readonly cursor: (row: Row) => string },
): Page<View> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit;
  return {
    data: shown.map(options.view),
    has_more: more,
    next_cursor: more && last !== undefined ? options.cursor(last) : null,
  };
}

/** Sort key of lists that are ordered by a time-ordered id. */
export const uuidKey = z.tuple([z.uuid()]);

/** Sort key of lists that are ordered by the index of an entry. */
export const indexKey = z.tuple([z.int().min(0)]);

function readParts(cursor: string): readonly unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}
