import { createHash } from 'node:crypto';

/**
 * Statements that begin with this comment are prepared once for each connection, so that the
 * database plans them once and not for every batch. Their text must not depend on the data.
 */
const kept = '/* kept */';
const names = new Map<string, string>();

/** The name under which a connection keeps the plan of a statement; undefined for one that is planned each time. */
export function keptName(text: string): string | undefined {
  if (!text.startsWith(kept)) return undefined;
  const name = names.get(text) ?? `kept_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  names.set(text, name);
  return name;
}
