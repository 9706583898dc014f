import { AppError } from '@tagtrail/shared/error.js';
import type { DatabaseClient } from './connect.js';
import { findWallGaps } from './wall-check.js';

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
  /** Roles with rights over everybody that it is or can become. */
  readonly powers: readonly string[];
  readonly owned: readonly string[];
  readonly may_create: boolean;
  /** Tables with which it may do more than the first word of their comment allows. */
  readonly exceeded: readonly string[];
  readonly may_read_trail: boolean;
}

/**
 * Refuses a runtime role that could step over the walls between customers or change the trail, and
 * a database whose walls have a gap.
 * @throws AppError `database.role_unsafe`, `database.walls_open`, each naming every problem and what to do.
 */
export async function checkRuntimeRole(client: DatabaseClient): Promise<void> {
  const { rows } = await client.query<RoleFacts>(roleFacts);
  const facts = rows[0];
  const problems = facts === undefined ? ['it is unknown to the server'] : roleProblems(facts);
  if (problems.length > 0) {
    throw new AppError(
      'database.role_unsafe',
      `TagTrail does not run with the database role "${facts?.role ?? '?'}": ${problems.join('; ')}. ` +
        'Point DATABASE_URL at an ordinary role, and DATABASE_OWNER_URL at the one that owns the tables.',
      { kind: 'operator', detail: { ...facts } },
    );
  }
  const gaps = await findWallGaps(client);
  if (gaps.length === 0) return;
  throw new AppError(
    'database.walls_open',
    `The database does not keep customers apart: ${gaps.map(({ name, problem }) => `${name}: ${problem}`).join('; ')}. ` +
      'Undo what was changed by hand; the migrations in cloud/prisma say how it was.',
    { kind: 'operator', detail: { gaps } },
  );
}

function roleProblems(facts: RoleFacts): readonly string[] {
  const problems = [...facts.powers];
  if (facts.owned.length > 0)
    problems.push(`it owns ${facts.owned.slice(0, 5).join(', ')} (ALTER ... OWNER TO another role)`);
  if (facts.may_create) problems.push('it may create things in the schema (REVOKE CREATE ON SCHEMA public)');
  if (facts.exceeded.length > 0)
    problems.push(
      `it may change or delete in ${facts.exceeded.slice(0, 5).join(', ')}, which are only added to ` +
        '(REVOKE UPDATE, DELETE, TRUNCATE, or set DATABASE_OWNER_URL once so that the rights are set)',
    );
  if (!facts.may_read_trail)
    problems.push('it may not read the trail (set DATABASE_OWNER_URL once so that the rights are given)');
  return problems;
}

/**
 * A role can become every role that it is a member of (SET ROLE), so membership counts like being
 * it; and what it signed in as counts too, since it can go back to that (RESET ROLE).
 */
const roleFacts = `
  with me as (select r.oid, r.rolname from pg_roles r where r.rolname in (current_user, session_user)),
  can_be as (select distinct s.* from pg_roles s join me on pg_has_role(me.oid, s.oid, 'member')),
  kept as (select c.oid, c.relname::text as name, substring(obj_description(c.oid, 'pg_class') from '^[a-z]+-only') as rights
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition)
  select session_user::text as role,
    array(select concat(case when s.oid in (select oid from me) then 'it is' else 'it can become ' || s.rolname || ',' end,
        case when s.rolsuper then ' a superuser, whom row-level security does not hold (NOSUPERUSER)'
          when s.rolbypassrls then ' free of row-level security: BYPASSRLS (NOBYPASSRLS)'
          when s.rolreplication then ' allowed to copy the whole server: REPLICATION (NOREPLICATION)'
          when s.rolcreaterole then ' allowed to make roles (NOCREATEROLE)'
          else ' allowed to reach the files of the server (REVOKE ' || s.rolname || ')' end)
      from can_be s
      where s.rolsuper or s.rolbypassrls or s.rolreplication or s.rolcreaterole
        or s.rolname in ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
      order by s.rolname) as powers,
    array(select name from (
        select c.relname::text as name from pg_class c join can_be s on s.oid = c.relowner
          where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
        union select p.proname::text from pg_proc p join can_be s on s.oid = p.proowner
          where p.pronamespace = 'public'::regnamespace
        union select 'the database' from pg_database d join can_be s on s.oid = d.datdba where d.datname = current_database()
      ) as owned order by name) as owned,
    has_schema_privilege('public', 'CREATE') as may_create,
    array(select k.name from kept k
      where k.rights is not null and (has_table_privilege(k.oid, 'UPDATE') or has_table_privilege(k.oid, 'DELETE')
          or has_table_privilege(k.oid, 'TRUNCATE'))
        or k.rights in ('read-only', 'owner-only') and has_table_privilege(k.oid, 'INSERT')
        or k.rights = 'owner-only' and has_table_privilege(k.oid, 'SELECT')
      order by k.name) as exceeded,
    has_table_privilege('public.entry', 'SELECT') and has_table_privilege('public.entry', 'INSERT') as may_read_trail
  from me limit 1`;
