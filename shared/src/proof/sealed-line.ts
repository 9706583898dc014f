import type { SealedLine } from './entry-leaf.js';

const texts = ['tenant', 'recordedAt', 'occurredAt', 'effectiveAt', 'kind', 'category', 'source', 'status'] as const;
const idsOrNull = ['site', 'cabinet', 'asset', 'session', 'order', 'actor', 'counterpart'] as const;
const others = ['logId', 'chain', 'index', 'seq', 'origin', 'data', 'salts', 'commitments'] as const;
const names: ReadonlySet<string> = new Set([...texts, ...idsOrNull, ...others]);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const logId = /^[0-9a-f]{32}$/;
const chain = /^[0-9a-f]{64}$/;

/**
 * Whether a value has exactly the shape of a sealed line, and nothing but the members `beside` it. By hand, because a schema library takes
 * longer over a million lines than all hashing.
 */
export function isSealedLine(value: unknown, beside: ReadonlySet<string>): value is SealedLine {
  if (!isObject(value)) return false;
  for (const name in value) if (!names.has(name) && !beside.has(name)) return false;
  for (const name of texts) if (typeof value[name] !== 'string') return false;
  for (const name of idsOrNull) if (!isNullOr(uuid, value[name])) return false;
  if (!isNullOr(logId, value.logId) || !isNullOr(chain, value.chain)) return false;
  if (!Number.isSafeInteger(value.index) || value.origin === undefined) return false;
  if (value.seq !== null && !Number.isSafeInteger(value.seq)) return false;
  return isObject(value.data) && isTexts(value.commitments) && (value.salts === null || isTexts(value.salts));
}

function isNullOr(pattern: RegExp, value: unknown): boolean {
  return value === null || (typeof value === 'string' && pattern.test(value));
}

function isTexts(value: unknown): boolean {
  if (!isObject(value)) return false;
  for (const name in value) if (typeof value[name] !== 'string') return false;
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
