import { assert } from '@tagtrail/shared/assert.js';
import { type IdPrefix, idFromUuid, idPrefixes } from '@tagtrail/shared/ids.js';
import type { DatabaseClient } from '../../src/database/connect.js';
import type { Parameter } from './described-routes.js';

interface Kind {
  readonly table: string;
  /** `id` when not given. */
  readonly column?: string;
  /** Undefined where the API shows the id as it is. */
  readonly prefix?: IdPrefix;
}

/** What an id in a path or a field is an id of, where the word does not say it by itself. */
const kinds: Readonly<Record<string, Kind>> = {
  people: { table: 'person', prefix: 'person' },
  holder: { table: 'person', prefix: 'person' },
  actor: { table: 'person', prefix: 'person' },
  order: { table: 'work_order', prefix: 'order' },
  session: { table: 'cabinet_session', prefix: 'session' },
  home_cabinet: { table: 'cabinet', prefix: 'cabinet' },
  'sign-in': { table: 'auth_sign_in' },
  kit: { table: 'kit_child', column: 'kit_id', prefix: 'asset' },
  children: { table: 'asset', prefix: 'asset' },
  'item-rule': { table: 'item_rule', prefix: 'rule' },
  losses: { table: 'loss', prefix: 'loss' },
  run: { table: 'retention_run', prefix: 'run' },
  case: { table: 'support_case', prefix: 'case' },
  'support-case': { table: 'support_case', prefix: 'case' },
};

/** The ids of one customer by kind, read from the tables themselves. */
export interface CustomerIds {
  /** Every value to try for a parameter of the path; empty where the customer has no such thing. */
  forParam(path: string, param: Parameter): Promise<readonly string[]>;
  /** The id that a field or a filter such as `site_id` asks for; undefined for other fields. */
  forField(field: string): string | undefined;
}

export async function customerIds(admin: DatabaseClient, tenant: string): Promise<CustomerIds> {
  const { rows } = await admin.query<{ name: string }>(`
    select c.relname::text as name from pg_class c join pg_attribute i on i.attrelid = c.oid and i.attname = 'id'
    join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`);
  const tables = new Set(rows.map(({ name }) => name));
  const firsts = new Map<string, string>();
  for (const prefix of idPrefixes) {
    const kind = kindOf(prefix, tables);
    const [first] = kind === undefined ? [] : await idsOf(admin, tenant, kind);
    if (first !== undefined) firsts.set(prefix, first);
  }
  return {
    forParam: async (path, { name, schema }) => {
      if (schema.enum !== undefined) return schema.enum.map(String);
      if ([schema.type].flat().some((type) => type === 'integer' || type === 'number')) return ['0', '1'];
      const before =
        path
          .slice(0, path.indexOf(`/{${name}}`))
          .split('/')
          .at(-1) ?? '';
      const kind = kindOf(singular(before), tables) ?? kindOf(before, tables);
      assert(
        kind !== undefined,
        `the canaries do not know what {${name}} in ${path} is: say it in test/canary/customer-ids.ts`,
      );
      return await idsOf(admin, tenant, kind);
    },
    forField: (field) => {
      const named = /^(.*)_ids?$/.exec(field)?.[1];
      const kind = named === undefined ? undefined : kindOf(named, tables);
      return kind?.prefix === undefined ? undefined : firsts.get(kind.prefix);
    },
  };
}

function singular(word: string): string {
  return word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/s$/, '');
}

function kindOf(word: string, tables: ReadonlySet<string>): Kind | undefined {
  const said = kinds[word];
  if (said !== undefined) return said;
  const name = word.replaceAll('-', '_');
  // `holds` are of the table `legal_hold`, where no other table ends like that.
  const ending = [...tables].filter((table) => table.endsWith(`_${name}`));
  const table = tables.has(name) ? name : ending.length === 1 ? ending[0] : undefined;
  if (table === undefined) return undefined;
  const prefix = idPrefixes.find((one) => one === word);
  return prefix === undefined ? { table } : { table, prefix };
}

async function idsOf(
  admin: DatabaseClient,
  tenant: string,
  { table, column = 'id', prefix }: Kind,
): Promise<readonly string[]> {
  const where =
    table === 'auth_sign_in'
      ? 'user_id in (select user_id from membership where tenant_id = $1)'
      : table === 'tenant'
        ? 'id = $1'
        : 'tenant_id = $1';
  const { rows } = await admin.query<{ id: string }>(
    `select "${column}"::text as id from "${table}" where ${where} order by 1 desc limit 3`,
    [tenant],
  );
  return rows.map(({ id }) => (prefix === undefined ? id : idFromUuid(prefix, id)));
}
