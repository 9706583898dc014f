import { createHash } from 'node:crypto';
import { assert } from '@tagtrail/shared/assert.js';
import { newUuid } from '@tagtrail/shared/ids.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import type { DatabaseClient } from '../../src/database/connect.js';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly generated: boolean;
  /** Definitions of the check constraints on it. */
  readonly checks: readonly string[];
  readonly unique: boolean;
  /** Table and column that it refers to. */
  readonly refers: { readonly table: string; readonly column: string } | null;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

/**
 * Puts the mark into every text of a customer's rows that may hold any text, and at least one row into
 * every table that knows customers, as the catalogue of the database lists them: a new table is
 * filled without anybody thinking of it. `admin` is a superuser, whom no wall holds.
 */
export async function fillCustomer(admin: DatabaseClient, tenant: string, mark: string): Promise<void> {
  const { rows: tables } = await admin.query<Table>(catalogue);
  let waiting = [...tables];
  while (waiting.length > 0) {
    const left: Table[] = [];
    for (const table of waiting) if (!(await fillTable(admin, table, { tenant, mark }))) left.push(table);
    assert(
      left.length < waiting.length,
      `these tables refer to each other: ${left.map(({ name }) => name).join(', ')}`,
    );
    waiting = left;
  }
}

interface Filling {
  readonly tenant: string;
  readonly mark: string;
}

/** False while a table that it refers to has no row yet. */
async function fillTable(admin: DatabaseClient, table: Table, filling: Filling): Promise<boolean> {
  const { rows } = await admin.query(`select 1 from "${table.name}" where tenant_id = $1 limit 1`, [filling.tenant]);
  if (rows.length === 0 && !(await insertRow(admin, table, filling))) return false;
  for (const column of table.columns) {
    if (column.required || column.generated || column.unique || column.refers !== null || column.checks.length > 0)
      continue;
    const value = fillingOf(table, column, filling);
    await admin.query(
      `update "${table.name}" set "${column.name}" = $2 where tenant_id = $1 and "${column.name}" is null`,
      [filling.tenant, value],
    );
  }
  return true;
}

async function insertRow(admin: DatabaseClient, table: Table, filling: Filling): Promise<boolean> {
  const values = new Map<string, unknown>([['tenant_id', filling.tenant]]);
  for (const column of table.columns) {
    if (values.has(column.name) || column.generated) continue;
    if (column.refers === null) values.set(column.name, fillingOf(table, column, filling));
    else {
      const found = await referred(admin, column.refers, filling.tenant);
      if (found === undefined && column.required) return false;
      values.set(column.name, found ?? null);
    }
  }
  let refused: unknown;
  for (const attempt of attempts(table, values)) {
    try {
      await insert(admin, table.name, attempt);
      return true;
    } catch (error) {
      refused ??= error;
      if ((error as { code?: string }).code !== checkViolation) break;
    }
  }
  assert(false, `test/canary/fill-customer.ts does not know what "${table.name}" takes: ${String(refused)}`);
  return false;
}

const checkViolation = '23514';

/** All that is known, and then with one after the other of what may be absent left out: some things exclude each other. */
function* attempts(table: Table, values: ReadonlyMap<string, unknown>): Generator<ReadonlyMap<string, unknown>> {
  const shared = table.columns.filter(({ checks, required }) => !required && checks.length > 0).map(({ name }) => name);
  for (let absent = 0; absent < 2 ** Math.min(shared.length, 8); absent++) {
    const left = new Map(values);
    for (const [i, name] of shared.entries()) if ((absent >> i) % 2 === 1) left.set(name, null);
    yield left;
  }
}

async function insert(admin: DatabaseClient, table: string, values: ReadonlyMap<string, unknown>): Promise<void> {
  const names = [...values.keys()];
  await admin.query(
    `insert into "${table}" (${names.map((name) => `"${name}"`).join(', ')})
     values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    [...values.values()],
  );
}

async function referred(
  admin: DatabaseClient,
  { table, column }: { table: string; column: string },
  tenant: string,
): Promise<unknown> {
  const owned =
    table === 'auth_user' ? 'id in (select user_id from membership where tenant_id = $1)' : 'tenant_id = $1';
  const { rows } = await admin.query<{ value: unknown }>(
    `select "${column}" as value from "${table}" where ${owned} order by 1 limit 1`,
    [tenant],
  );
  return rows[0]?.value;
}

/** A value that the checks of the column let through and that no other customer has. */
function fillingOf(table: Table, column: Column, { mark }: Filling): unknown {
  const text = `${mark} ${table.name} ${column.name}`;
  const digest = createHash('sha256').update(text).digest();
  switch (column.type.replace(/\(\d+\)/, '')) {
    case 'uuid':
      return newUuid(Date.UTC(2026, 10, 25), systemRandom);
    case 'uuid[]':
      return [newUuid(Date.UTC(2026, 10, 25), systemRandom)];
    case 'text':
      return textOf(table, column, [text, digest.toString('hex'), digest.toString('base64'), '0A1B2C3D', '5']);
    case 'text[]':
      return [text];
    case 'bytea':
      return digest;
    case 'jsonb':
    case 'json':
      return JSON.stringify({ canary: text });
    case 'boolean':
      return true;
    case 'integer':
    case 'bigint':
    case 'smallint':
    case 'numeric':
    case 'double precision':
      return 1;
    case 'timestamp with time zone':
    case 'date':
      return new Date(Date.UTC(2026, 10, 25));
    default:
      return assert(
        false,
        `test/canary/fill-customer.ts knows no value for ${table.name}.${column.name} ${column.type}`,
      );
  }
}

function textOf(table: Table, column: Column, candidates: readonly string[]): string {
  const oneOf = column.checks.flatMap((check) => /ARRAY\[\(?'([^']+)'/.exec(check)?.[1] ?? []);
  if (oneOf[0] !== undefined) return oneOf[0];
  const patterns = column.checks.flatMap((check) => /~ '([^']+)'/.exec(check)?.[1] ?? []);
  const found = candidates.find((candidate) => patterns.every((pattern) => new RegExp(pattern).test(candidate)));
  assert(found !== undefined, `test/canary/fill-customer.ts knows no text for ${table.name}.${column.name}`);
  return found;
}

const catalogue = `
  select c.relname::text as name, (
    select json_agg(json_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
      'generated', a.attidentity <> '' or a.attgenerated <> '',
      'checks', coalesce((select json_agg(pg_get_constraintdef(k.oid)) from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any(k.conkey)), '[]'),
      'unique', exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any(i.indkey)),
      'refers', (select json_build_object('table', f.confrelid::regclass::text, 'column', there.attname)
        from pg_constraint f
        join pg_attribute there on there.attrelid = f.confrelid
          and there.attnum = f.confkey[array_position(f.conkey, a.attnum)]
        where f.conrelid = c.oid and f.contype = 'f' and a.attnum = any(f.conkey) limit 1)
    ) order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
  order by c.relname`;
