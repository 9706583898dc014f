import { supportCaseKeepDays } from '@tagtrail/shared/api/support-case.js';
import type { DataCategory } from '@tagtrail/shared/events/trace-event.js';
import type { ClearedBesideTrail } from '@tagtrail/shared/retention/beside-trail.js';
import { signInTimes } from '../auth/password-sign-in.js';
import type { Store } from '../store/prisma.js';
import { type Sql, sql, type Tx } from '../store/sql.js';
import { appendCloudEvent } from '../store/trail.js';
import { readRules } from './read-rules.js';
import { expiredBeforeMs } from './retention-rules.js';

/** Whose records, and the wall time before which they are over. */
interface Over {
  readonly tenant: string;
  readonly before: Date;
}

interface BesideClock {
  /**
   * The customer's general rule whose time it has, and the most days that it takes whatever the rule says.
   * Null for what has these days only.
   */
  readonly category: DataCategory | null;
  readonly atMostDays?: number;
  /** Answers with one row for each record that it cleared. */
  readonly clear: (over: Over) => Sql;
}

const dayMs = 86_400_000;

/** While anything is held, what was set aside stays whole: who it is about is not known before somebody has looked. */
const nothingHeld = (tenant: string): Sql =>
  sql`not exists (select 1 from legal_hold h where h.tenant_id = ${tenant}::uuid and h.released_at is null)`;

/**
 * What is kept of people beside the trail and has a clock of its own. The columns of each are named
 * in test/column-clocks.ts.
 */
const clocks: Readonly<Record<ClearedBesideTrail, BesideClock>> = {
  enrolment_codes: {
    category: 'security',
    clear: ({ tenant, before }) => sql`
      delete from enrolment_code where tenant_id = ${tenant}::uuid and expires_at < ${before} returning 1`,
  },
  set_aside_contents: {
    category: 'security',
    atMostDays: 90,
    clear: ({ tenant, before }) => sql`
      update quarantine set payload = null
      where tenant_id = ${tenant}::uuid and last_at < ${before} and payload is not null and ${nothingHeld(tenant)} returning 1`,
  },
  set_aside: {
    category: 'security',
    clear: ({ tenant, before }) => sql`
      delete from quarantine
      where tenant_id = ${tenant}::uuid and greatest(last_at, decided_at) < ${before} and ${nothingHeld(tenant)} returning 1`,
  },
  rule_changes: {
    category: 'administration',
    clear: ({ tenant, before }) => sql`
      delete from retention_change
      where tenant_id = ${tenant}::uuid and greatest(expires_at, decided_at) < ${before} returning 1`,
  },
  released_holds: {
    category: 'administration',
    clear: ({ tenant, before }) => sql`
      delete from legal_hold where tenant_id = ${tenant}::uuid and released_at < ${before} returning 1`,
  },
  closed_orders: {
    category: 'custody',
    clear: ({ tenant, before }) => sql`
      update work_order set person_ids = null, title = null
      where tenant_id = ${tenant}::uuid and closed_at < ${before} and (person_ids is not null or title is not null)
        and ${nothingHeld(tenant)} returning 1`,
  },
  ended_grants: {
    category: 'administration',
    clear: ({ tenant, before }) => sql`
      delete from take_grant where tenant_id = ${tenant}::uuid and valid_until < ${before} returning 1`,
  },
  ended_badges: {
    category: 'security',
    clear: ({ tenant, before }) => sql`
      delete from badge where tenant_id = ${tenant}::uuid and status <> 'active' and ended_at < ${before} returning 1`,
  },
  people_who_left: {
    category: 'administration',
    // Who still has a tool out stays known, as long as the tool is out; the random pseudonym stays for ever.
    // Somebody who has left for good is forgotten with the last line that the name explains.
    clear: ({ tenant, before }) => sql`
      with gone as (
        update person p set name = null, display_name = null, groups = '{}'
        where p.tenant_id = ${tenant}::uuid and (p.name is not null or p.display_name is not null)
          and (p.valid_until < ${before} or p.left_at is not null
            and not exists (select 1 from entry e where e.tenant_id = p.tenant_id and e.actor_id = p.id)
            and not exists (select 1 from entry e where e.tenant_id = p.tenant_id and e.counterpart_id = p.id))
          and not exists (select 1 from custody c
            where c.tenant_id = p.tenant_id and c.holder_id = p.id and c.state = 'out')
          and not exists (select 1 from legal_hold h
            where h.tenant_id = p.tenant_id and h.released_at is null and h.kind = 'person' and h.subject_id = p.id)
        returning p.tenant_id, p.id
      ), badges as (
        delete from badge b using gone g where b.tenant_id = g.tenant_id and b.person_id = g.id
      ), pins as (
        delete from person_pin b using gone g where b.tenant_id = g.tenant_id and b.person_id = g.id
      ), licences as (
        delete from person_licence b using gone g where b.tenant_id = g.tenant_id and b.person_id = g.id
      ), grants as (
        delete from take_grant b using gone g where b.tenant_id = g.tenant_id and b.person_id = g.id
      )
      select 1 from gone`,
  },
  support_cases: {
    category: null,
    atMostDays: supportCaseKeepDays,
    clear: ({ tenant, before }) => sql`
      delete from support_case
      where tenant_id = ${tenant}::uuid and closed_at < ${before} and ${nothingHeld(tenant)} returning 1`,
  },
};

/**
 * Clears what is over of a customer (UUID) beside the trail, as its rules stand, and leaves a line of
 * the trail for each kind of which something went. `tx` is one of `withTenant` for it.
 * @throws the database's `TT001` when a legal hold cannot be read; nothing is touched then.
 */
export async function clearBesideTrail(
  tx: Tx,
  { tenant, userId, atMs }: { readonly tenant: string; readonly userId: string | null; readonly atMs: number },
): Promise<ReadonlyMap<ClearedBesideTrail, number>> {
  await tx.$executeRaw(sql`select check_holds()`);
  const rules = await readRules(tx, tenant);
  const cleared = new Map<ClearedBesideTrail, number>();
  for (const [what, clock] of Object.entries(clocks) as [ClearedBesideTrail, BesideClock][]) {
    const rule = rules.find(({ category, site }) => category === clock.category && site === null);
    const byRule = rule === undefined ? null : expiredBeforeMs(rule, atMs);
    const bound = clock.atMostDays === undefined ? null : atMs - clock.atMostDays * dayMs;
    if (byRule === null && bound === null) continue;
    const before = new Date(Math.max(byRule ?? Number.NEGATIVE_INFINITY, bound ?? Number.NEGATIVE_INFINITY));
    const rows = (await tx.$queryRaw<unknown[]>(clock.clear({ tenant, before }))).length;
    if (rows === 0) continue;
    cleared.set(what, rows);
    await appendCloudEvent(tx, {
      ...{ tenant, at: new Date(atMs).toISOString(), actorId: userId, kind: 'retention.cleared' },
      data: { what, rows, before: before.toISOString() },
    });
  }
  return cleared;
}

/** Takes away sign-ins that have ended, with the addresses that they came from; answers how many. */
export async function clearEndedSignIns(store: Store, atMs: number): Promise<number> {
  const { idleMs, absoluteMs } = signInTimes;
  await store.global.$executeRaw(sql`delete from auth_verification where expires_at < ${new Date(atMs)}`);
  return await store.global.$executeRaw(sql`
    delete from auth_sign_in
    where created_at < ${new Date(atMs - absoluteMs)} or updated_at < ${new Date(atMs - idleMs)}`);
}
