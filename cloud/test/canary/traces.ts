import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { DatabaseClient } from '../../src/database/connect.js';

/** What would betray a customer wherever it turned up. */
export interface Traces {
  readonly mark: string;
  /** Ids in both spellings, hashes, keys, tokens: whatever stands in rows of this customer and of nobody else. */
  readonly tokens: ReadonlySet<string>;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\d/.test(text);
/** Shorter texts, and those without a digit, are words that anybody may use. */
const telling = 12;

/** The rows of one customer, table by table: those with `tenant_id`, and what signing in keeps of its users. */
async function rowsOf(admin: DatabaseClient, tenant: string): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const { rows: tables } = await admin.query<{ name: string }>(`
    select c.relname::text as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`);
  const users = 'select user_id from membership where tenant_id = $1';
  const selections = new Map(tables.map(({ name }) => [name, 'tenant_id = $1']));
  for (const [name, key] of [
    ['auth_user', 'id'],
    ['auth_account', 'user_id'],
    ['auth_sign_in', 'user_id'],
  ] as const)
    selections.set(name, `${key} in (${users})`);
  selections.set('tenant', 'id = $1');
  const found = new Map<string, readonly unknown[]>();
  for (const [name, where] of selections) {
    const { rows } = await admin.query<{ row: unknown }>(
      `select to_jsonb(t) as row from "${name}" t where ${where} order by t::text`,
      [tenant],
    );
    found.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return found;
}

/** The rows as text, table by table: equal before and after means that nothing was touched. */
export async function snapshotOf(admin: DatabaseClient, tenant: string): Promise<ReadonlyMap<string, string>> {
  const rows = await rowsOf(admin, tenant);
  return new Map([...rows].map(([name, of]) => [name, JSON.stringify(of)]));
}

/** `others` are customers whose own values may of course be seen. */
export async function tracesOf(
  admin: DatabaseClient,
  whom: { readonly tenant: string; readonly mark: string; readonly others: readonly string[] },
): Promise<Traces> {
  const common = new Set<string>();
  for (const other of whom.others)
    for (const text of textsIn([...(await rowsOf(admin, other)).values()])) common.add(text);
  const tokens = new Set<string>();
  for (const text of textsIn([...(await rowsOf(admin, whom.tenant)).values()])) {
    if (common.has(text) || isTime(text) || text.length < telling || !/\d/.test(text)) continue;
    if (uuid.test(text)) tokens.add(idFromUuid('tenant', text).slice('tenant_'.length));
    if (text.startsWith('\\x')) {
      const bytes = Buffer.from(text.slice(2), 'hex');
      tokens.add(bytes.toString('hex')).add(bytes.toString('base64')).add(bytes.toString('base64url'));
    } else if (!/\s/.test(text)) tokens.add(text);
  }
  return { mark: whom.mark, tokens };
}

/** What of the traces stands in an answer beyond what the caller itself had sent. */
export function leaksIn(answer: string, traces: Traces, sent: string): readonly string[] {
  const found: string[] = [];
  if (
    answer.toLowerCase().includes(traces.mark.toLowerCase()) &&
    !sent.toLowerCase().includes(traces.mark.toLowerCase())
  )
    found.push(traces.mark);
  for (const word of answer.split(/[^\w+/=@.-]+/)) {
    for (const token of [word, word.slice(word.indexOf('_') + 1), word.replace(/[.=]+$/, '')]) {
      if (traces.tokens.has(token) && !sent.includes(token)) found.push(token);
    }
  }
  return found;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
