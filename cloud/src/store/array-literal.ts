/**
 * An array in the text form of PostgreSQL, for `$1::text[]` and the like with `unnest`: a column of
 * many rows in one parameter. The database reads it in two thirds of the time that it takes for the
 * same rows as JSON.
 */
export function arrayLiteral(values: readonly (string | number | null)[]): string {
  return `{${values.map(itemOf).join(',')}}`;
}

function itemOf(value: string | number | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  return `"${special.test(value) ? value.replace(everySpecial, '\\$&') : value}"`;
}

const special = /["\\]/;
const everySpecial = /["\\]/g;

/** What stands between the values of a list of JSON texts: JSON holds it escaped only. */
const betweenJson = '\x1f';

/**
 * JSON texts for `string_to_array($1, E'\x1f', '')::jsonb[]`, null for none: nothing in them has to be quoted, and
 * JSON is full of what an array literal quotes. A list of one null is read as empty: `unnest` beside longer
 * columns gives null for it all the same.
 */
export function jsonList(values: readonly (string | null)[]): string {
  return values.join(betweenJson);
}
