import type { DatabaseClient } from '../../src/database/connect.js';

/** Takes one of the two walls away; the result puts it back and says how often it was missed. */
export type TakeAway = (admin: DatabaseClient) => Promise<() => Promise<number>>;

/** Row-level security holds the runtime role no more: the tenant in every query must. */
export const withoutRowSecurity: TakeAway = async (admin) => {
  await admin.query('alter role tagtrail_app bypassrls');
  return async () => {
    await admin.query('alter role tagtrail_app nobypassrls');
    return 1;
  };
};

const tenantArgument = /(?:"?\w+"?\.)*"?tenant_id"?\s*=\s*(\$\d+)(?:::uuid)?/gi;

/** Every query loses its tenant on the way to the server, whoever wrote it: row-level security must hold alone. */
export const withoutTenantArgument: TakeAway = async (admin) => {
  type Query = (this: unknown, config: unknown, ...rest: unknown[]) => unknown;
  const client = Object.getPrototypeOf(admin) as { query: Query };
  const { query } = client;
  let missed = 0;
  const mutate = (text: string): string =>
    /^\s*insert\b/i.test(text)
      ? text
      : text.replace(tenantArgument, (_, value: string) => {
          missed++;
          return `(${value}::uuid is not null)`;
        });
  client.query = function (config, ...rest) {
    // The test's own connection looks at what happened and stays as it is.
    if (this === admin) return query.call(this, config, ...rest);
    if (typeof config === 'string') return query.call(this, mutate(config), ...rest);
    const { text, name } = config as { text?: unknown; name?: unknown };
    if (typeof text !== 'string') return query.call(this, config, ...rest);
    // A prepared statement keeps its text under its name: the changed one goes by another.
    const named = typeof name === 'string' && name !== '' ? { name: `${name} changed` } : {};
    return query.call(this, { ...(config as object), ...named, text: mutate(text) }, ...rest);
  };
  return async () => {
    client.query = query;
    return missed;
  };
};
