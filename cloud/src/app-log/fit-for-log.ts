/**
 * What a line of the application log may name, and nothing else: ids, codes, counts and places of the
 * machine. Who did something belongs to the trail, which has clocks, holds and proofs for it.
 */
export const logFields: ReadonlySet<string> = new Set([
  ...['action', 'category', 'outcome', 'code', 'event', 'known', 'why', 'kind', 'size'],
  ...['reason', 'problem', 'detail'],
  ...['tenant', 'tenantId', 'site', 'cabinet', 'user', 'client', 'logId'],
  ...['method', 'route', 'topic', 'channel', 'requestId', 'status', 'durationMs', 'databaseMs', 'queries', 'parts'],
  ...['signInMs', 'workMs', 'sendMs', 'oldestMs', 'bytes'],
  ...['address', 'port', 'pid', 'data', 'applied', 'path', 'folder', 'elapsedMs'],
  ...['from', 'to', 'entries', 'sessions', 'cabinets', 'assets', 'files', 'rows', 'table', 'ms', 'leftOut'],
]);

/** What stands where something was left out. */
export const leftOut = '[left out]';

/**
 * A line as it may be written: fields that no line may have lose their value, texts lose what looks
 * like an e-mail address, a badge number or a value that the database quotes.
 */
export function fitForLog(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, logFields.has(name) ? fitValue(value) : leftOut]),
  );
}

function fitValue(value: unknown): unknown {
  if (typeof value === 'string') return withoutPeople(value);
  if (Array.isArray(value)) return value.map(fitValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fitValue(member)]));
}

/**
 * PostgreSQL quotes the values that it did not like (error fields DETAIL and MESSAGE, PostgreSQL
 * Error Message Style Guide); an address is RFC 5322 atext before the at; badge numbers and EPCs are eight or more upper-case hexadecimal digits.
 */
const personal: readonly (readonly [RegExp, string])[] = [
  [/Failing row contains \([^\n]*\)/g, `Failing row contains (${leftOut})`],
  [/\)=\([^\n]*?\)(?= |$|\n)/g, `)=(${leftOut})`],
  [/: "[^"\n]*"/g, `: "${leftOut}"`],
  [/[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+/g, leftOut],
  [/(?<![\w-])[0-9A-F]{8,}(?![\w-])/g, leftOut],
];

function withoutPeople(text: string): string {
  return personal.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
}
