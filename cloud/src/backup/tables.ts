import { AppError } from '@tagtrail/shared/error.js';
import type { DatabaseClient } from '../database/connect.js';

/** A table as a backup takes it. */
export interface BackupTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** The column that says whose a row is; null for the tables of signing in. */
  readonly tenantColumn: 'tenant_id' | 'id' | null;
}

interface FoundTable extends BackupTable {
  readonly refers: readonly string[];
}

/** Every table of the schema, each after those that it refers to, so that it can be filled in this order. */
export async function listTables(client: DatabaseClient): Promise<readonly BackupTable[]> {
  const { rows } = await client.query<FoundTable>(catalogue);
  const ordered: FoundTable[] = [];
  let waiting = rows;
  while (waiting.length > 0) {
    const there = new Set(ordered.map(({ name }) => name));
    const free = waiting.filter(({ name, refers }) => refers.every((other) => other === name || there.has(other)));
    if (free.length === 0) {
      const names = waiting.map(({ name }) => name).join(', ');
      throw new AppError('backup.tables_in_a_ring', `These tables refer to each other: ${names}.`, { kind: 'bug' });
    }
    ordered.push(...free);
    waiting = waiting.filter((table) => !free.includes(table));
  }
  return ordered;
}

/** The months (first day, ISO) that have a partition of the trail. */
export async function listPartitions(client: DatabaseClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ month: string }>(`
    select replace(substring(relname from '^entry_(\\d{4}_\\d{2})$'), '_', '-') || '-01' as month from pg_class
    where relnamespace = 'public'::regnamespace and relispartition and relname ~ '^entry_\\d{4}_\\d{2}$' order by 1`);
  return rows.map(({ month }) => month);
}

const catalogue = `
  select c.relname::text as name,
    array(select a.attname::text from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
    case when c.relname = 'tenant' then 'id'
      when exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
        then 'tenant_id' end as "tenantColumn",
    array(select distinct f.confrelid::regclass::text from pg_constraint f
      where f.contype = 'f' and f.conrelid = c.oid) as refers
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> '_prisma_migrations'
  order by c.relname`;
