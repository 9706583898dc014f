import { signInEndedChannel } from '../auth/sign-in-ended.js';
import { countReached } from '../rulebooks/read-reach.js';
import { sql, type Tx } from '../store/sql.js';
import { appendCloudEvent, appendEntries, cloudEntry } from '../store/trail.js';
import { type Leaving, leavingStep } from './leaving-step.js';
import { type OffBoardingRow, readOffBoardingRow } from './read-off-boarding.js';

interface Target {
  /** UUID; the transaction is one of `withTenant` for it. */
  readonly tenant: string;
  readonly atMs: number;
}

/** Where the customer stands; undefined where nobody has ever asked. */
export async function readLeaving(tx: Tx, tenant: string): Promise<(Leaving & { row: OffBoardingRow }) | undefined> {
  const row = await readOffBoardingRow(tx, tenant);
  if (row === undefined) return undefined;
  const index = row.closing_index === null ? null : Number(row.closing_index);
  const { cabinets, reached } = await countReached(tx, { tenant, index });
  return {
    row,
    status: row.status,
    removeAtMs: row.remove_at?.getTime() ?? null,
    closingAtMs: row.closing_at?.getTime() ?? null,
    holds: row.holds,
    letIn: cabinets,
    reached,
  };
}

/**
 * Nobody signs in any more, from the commit on; users whom no other customer knows are gone. No name, badge, PIN or
 * licence is left, so that the next rulebook tells the cabinets to forget everybody. Answers whether it was due.
 * @throws the database's `TT001` when a legal hold cannot be read; nothing is touched then.
 */
export async function closeCustomer(tx: Tx, { tenant, atMs }: Target): Promise<boolean> {
  await tx.$executeRaw(sql`select check_holds()`);
  await tx.$queryRaw(sql`select 1 from tenant where id = ${tenant}::uuid for update`);
  const leaving = await readLeaving(tx, tenant);
  if (leaving === undefined || leavingStep(leaving, atMs) !== 'close') return false;
  const users = await endUsers(tx, tenant);
  const own = sql`tenant_id = ${tenant}::uuid`;
  const at = new Date(atMs);
  await tx.$executeRaw(sql`delete from badge where ${own}`);
  await tx.$executeRaw(sql`delete from person_pin where ${own}`);
  await tx.$executeRaw(sql`delete from person_licence where ${own}`);
  await tx.$executeRaw(sql`delete from take_grant where ${own}`);
  await tx.$executeRaw(sql`update work_order set person_ids = '{}', title = null where ${own}`);
  await tx.$executeRaw(sql`delete from support_case where ${own}`);
  await tx.$executeRaw(sql`
    update person set name = null, display_name = null, groups = '{}', sees_holders = false, status = 'left',
      left_at = coalesce(left_at, ${at})
    where ${own}`);
  const index = await appendCloudEvent(tx, {
    ...{ tenant, at: at.toISOString(), kind: 'customer.closing' },
    data: { users, cabinets: leaving.letIn },
  });
  await tx.$executeRaw(sql`
    update off_boarding set status = 'closing', closing_at = ${at}, closing_index = ${index}, users = ${users}
    where ${own}`);
  return true;
}

/** Takes away who may sign in, with the accounts that no other customer needs; answers how many could. */
async function endUsers(tx: Tx, tenant: string): Promise<number> {
  const members = await tx.$queryRaw<{ id: string }[]>(sql`
    delete from membership where tenant_id = ${tenant}::uuid returning user_id as id`);
  for (const { id } of members) {
    // Every process cuts the screens of a sign-in that it is told has ended; the notices leave with the commit.
    await tx.$queryRaw(sql`
      select pg_notify(${signInEndedChannel}, s.id)::text from auth_sign_in s where s.user_id = ${id}`);
    await tx.$executeRaw(sql`delete from auth_sign_in where user_id = ${id}`);
    // The wall shows a user's own memberships to that user only.
    await tx.$queryRaw(sql`select set_config('app.user', ${id}, true)`);
    await tx.$executeRaw(sql`
      delete from auth_user u where u.id = ${id} and not exists (select 1 from membership m where m.user_id = u.id)`);
  }
  await tx.$queryRaw(sql`select set_config('app.user', '', true)`);
  return members.length;
}

/**
 * No cabinet of the customer is listened to from the commit on; answers their ids (UUIDs). Those that have not said
 * that they know nobody any more are counted for the receipt.
 */
export async function cutOffCabinets(tx: Tx, { tenant, atMs }: Target): Promise<readonly string[]> {
  const leaving = await readLeaving(tx, tenant);
  if (leaving === undefined || leavingStep(leaving, atMs) !== 'cut_off') return [];
  const at = new Date(atMs);
  const cut = await tx.$queryRaw<{ id: string; site: string }[]>(sql`
    update cabinet set revoked_at = ${at} where tenant_id = ${tenant}::uuid and revoked_at is null
    returning id::text, site_id::text as site`);
  await tx.$executeRaw(sql`delete from enrolment_code where tenant_id = ${tenant}::uuid`);
  await tx.$executeRaw(sql`
    update cabinet_state set online = false, left_at = null where tenant_id = ${tenant}::uuid`);
  await tx.$executeRaw(sql`
    update off_boarding set unreached = ${leaving.letIn - leaving.reached} where tenant_id = ${tenant}::uuid`);
  const lines = cut.map(({ id, site }) =>
    cloudEntry({
      ...{ tenant, at: at.toISOString(), kind: 'cabinet.revoked', data: { reason: 'The customer has left.' } },
      ...{ cabinetId: id, siteId: site },
    }),
  );
  await appendEntries(tx, { tenant, recordedAt: at.toISOString() }, lines);
  return cut.map(({ id }) => id);
}
