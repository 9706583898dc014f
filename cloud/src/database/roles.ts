import { AppError } from '@tagtrail/shared/error.js';
import type { DatabaseClient } from './connect.js';

export interface RolePasswords {
  readonly owner: string;
  readonly app: string;
}

/**
 * Makes the two roles and a database for them, as the superuser of our own server: the owner
 * migrates, the runtime role reads and writes and can do nothing else.
 */
export async function createRoles(admin: DatabaseClient, database: string, passwords: RolePasswords): Promise<void> {
  for (const [name, password] of [
    ['tagtrail_owner', passwords.owner],
    ['tagtrail_app', passwords.app],
  ] as const) {
    const { rows } = await admin.query('select 1 from pg_roles where rolname = $1', [name]);
    const verb = rows.length === 0 ? 'create' : 'alter';
    const flags = 'login nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit';
    await admin.query(`${verb} role ${name} with ${flags} password ${admin.escapeLiteral(password)}`);
  }
  const { rows } = await admin.query('select 1 from pg_database where datname = $1', [database]);
  if (rows.length === 0) await admin.query(`create database ${admin.escapeIdentifier(database)} owner tagtrail_owner`);
}

/** Gives the runtime role what it may do; runs as the owner. */
export async function grantRuntime(owner: DatabaseClient, role: string): Promise<void> {
  await owner.query('begin');
  try {
    await owner.query('select grant_runtime($1::name)', [role]);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw new AppError('database.grant_refused', `The rights of the database role "${role}" could not be set.`, {
      kind: 'operator',
      cause: error,
      detail: { reason: String(error) },
    });
  }
}

interface RoleFacts {
  readonly role: string;
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly owned: readonly string[];
  readonly may_change_trail: boolean;
  readonly may_read_trail: boolean;
}

/**
 * Refuses a runtime role that could step over the walls between customers or change the trail.
 * @throws AppError `database.role_unsafe` naming every problem and what to do.
 */
export async function checkRuntimeRole(client: DatabaseClient): Promise<void> {
  const { rows } = await client.query<RoleFacts>(roleFacts);
  const facts = rows[0];
  const problems = facts === undefined ? ['it is unknown to the server'] : roleProblems(facts);
  if (problems.length === 0) return;
  throw new AppError(
    'database.role_unsafe',
    `TagTrail does not run with the database role "${facts?.role ?? '?'}": ${problems.join('; ')}. ` +
      'Point DATABASE_URL at an ordinary role, and DATABASE_OWNER_URL at the one that owns the tables.',
    { kind: 'operator', detail: { ...facts } },
  );
}

function roleProblems(facts: RoleFacts): readonly string[] {
  const problems: string[] = [];
  if (facts.superuser)
    problems.push('it is a superuser, whom row-level security does not hold (ALTER ROLE ... NOSUPERUSER)');
  if (facts.bypasses) problems.push('it has BYPASSRLS (ALTER ROLE ... NOBYPASSRLS)');
  if (facts.owned.length > 0)
    problems.push(`it owns ${facts.owned.slice(0, 5).join(', ')} (ALTER TABLE ... OWNER TO another role)`);
  if (facts.may_change_trail)
    problems.push('it may change or delete entries of the trail (REVOKE UPDATE, DELETE, TRUNCATE ON entry)');
  if (!facts.may_read_trail)
    problems.push('it may not read the trail (set DATABASE_OWNER_URL once so that the rights are given)');
  return problems;
}

const roleFacts = `
  select r.rolname as role, r.rolsuper as superuser, r.rolbypassrls as bypasses,
    coalesce((select array_agg(c.relname::text order by c.relname) from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
        and pg_has_role(r.oid, c.relowner, 'member')), '{}') as owned,
    has_table_privilege('public.entry', 'UPDATE') or has_table_privilege('public.entry', 'DELETE')
      or has_table_privilege('public.entry', 'TRUNCATE') as may_change_trail,
    has_table_privilege('public.entry', 'SELECT') and has_table_privilege('public.entry', 'INSERT') as may_read_trail
  from pg_roles r where r.rolname = current_user`;
