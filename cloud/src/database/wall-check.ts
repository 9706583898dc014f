import type { DatabaseClient } from './connect.js';

/** A place where row-level security does not hold for the role that asks. */
export interface WallGap {
  /** The table or view. */
  readonly name: string;
  readonly problem: string;
}

/**
 * Every gap in the wall between customers, as the catalogue of the database shows it to the role of
 * this connection. A permissive policy widens what another one shows, so each one that applies to
 * the role must speak of the customer or the user of the transaction.
 */
export async function findWallGaps(client: DatabaseClient): Promise<readonly WallGap[]> {
  const { rows } = await client.query<WallGap>(gaps);
  return rows;
}

/** What `raise_tenant_wall` writes, without the parentheses and casts that servers add when they show it. */
const wall = `w.key || '=NULLIFcurrent_setting''app.tenant'',true,'''''`;
const shown = (expression: string) =>
  `regexp_replace(pg_get_expr(${expression}, p.polrelid), '[()\\s]|::text|::uuid', '', 'g')`;

const gaps = `
  with walled as (
    select c.oid, c.relname::text as name, c.relrowsecurity as on, c.relforcerowsecurity as forced,
      case c.relname when 'tenant' then 'id' else 'tenant_id' end as key
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (c.relname = 'tenant' or exists (select 1 from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
  )
  select name, 'row-level security is off' as problem from walled w where not w.on
  union all select name, 'row-level security is not forced' from walled w where not w.forced
  union all select name, 'no policy holds reads and writes to one customer' from walled w
    where not exists (select 1 from pg_policy p where p.polrelid = w.oid and p.polcmd = '*' and p.polpermissive
      and p.polroles = '{0}' and ${shown('p.polqual')} = ${wall} and ${shown('p.polwithcheck')} = ${wall})
  union all select w.name, 'the policy ' || p.polname || ' opens it'
    from walled w join pg_policy p on p.polrelid = w.oid
    where p.polpermissive
      and exists (select 1 from unnest(p.polroles) as r(id) where r.id = 0 or pg_has_role(r.id, 'member'))
      and concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
        !~ 'current_setting\\(''app\\.(tenant|user)'''
  union all select c.relname::text, 'the view runs with the rights of its owner' from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
      and coalesce(c.reloptions::text, '') not like '%security_invoker=true%'
  union all select c.relname::text, 'a materialised view knows no customer' from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'm'
  order by 1, 2`;
