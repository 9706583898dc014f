import type { RetentionRun } from '@tagtrail/shared/api/retention.js';
import { errorText } from '@tagtrail/shared/error.js';
import type { DataCategory } from '@tagtrail/shared/events/trace-event.js';
import { idFromUuid, newUuid } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, sleep } from '@tagtrail/shared/time/clock.js';
import type { Store } from '../store/prisma.js';
import { sql, type Tx } from '../store/sql.js';
import { appendCloudEvent } from '../store/trail.js';
import { clearBesideTrail } from './beside-trail.js';
import { readRules } from './read-rules.js';
import { rehearseRule } from './rehearse.js';
import { everySite, expiredBeforeMs, type Rule } from './retention-rules.js';
import { retentionStep, type StepPlace } from './retention-step.js';

/** On whose customer's data a run works, and when. `userId` is null for the daily job. */
export interface RunFor {
  readonly store: Store;
  readonly random: Random;
  readonly log: Log;
  readonly clock: Clock;
  readonly tenantId: string;
  readonly userId: string | null;
  readonly atMs: number;
}

export interface StoppedRule {
  readonly category: DataCategory;
  readonly site: string | null;
  readonly why: 'hold_unreadable' | 'failed';
}

export interface RunOutcome {
  readonly receipts: readonly RetentionRun[];
  /** Rules that could not be run; nothing that a hold may cover has been touched. */
  readonly stopped: readonly StoppedRule[];
}

/** Lines that one transaction takes: short enough that nobody waits for it. */
const linesAtOnce = 1_000;
/** A run leaves the database to others for as long as it had it itself, and at most for so long at a time. */
const longestRestMs = 500;

/**
 * Runs every rule that has something to do, in steps of their own transactions, and leaves a receipt
 * for each; then clears what is over beside the trail. A run that was cut off goes on where it stood; a
 * rule that cannot be run does not hold up the others.
 */
export async function runRetention(run: RunFor): Promise<RunOutcome> {
  const receipts: RetentionRun[] = [];
  const stopped: StoppedRule[] = [];
  const unlessStopped = async (rule: Pick<Rule, 'category' | 'site'>, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const why = /TT001|cannot be read/.test(errorText(error)) ? 'hold_unreadable' : 'failed';
      run.log.error(
        { tenant: run.tenantId, category: rule.category, why, reason: errorText(error) },
        'retention.rule.stopped',
      );
      const site = rule.site === null ? null : idFromUuid('site', rule.site);
      if (!stopped.some((known) => known.category === rule.category && known.site === site))
        stopped.push({ category: rule.category, site, why });
    }
  };
  for (const rule of await run.store.readTenant(run.tenantId, (tx) => readRules(tx, run.tenantId))) {
    await unlessStopped(rule, async () => {
      const receipt = await runRule(run, rule);
      if (receipt !== undefined) receipts.push(receipt);
    });
  }
  const { tenantId: tenant, userId, atMs } = run;
  await unlessStopped({ category: 'administration', site: null }, () =>
    run.store.withTenant(tenant, (tx) => clearBesideTrail(tx, { tenant, userId, atMs })),
  );
  return { receipts, stopped };
}

async function runRule(run: RunFor, rule: Rule): Promise<RetentionRun | undefined> {
  const { store, clock, tenantId, atMs } = run;
  const beforeMs = expiredBeforeMs(rule, atMs);
  if (beforeMs === null) return undefined;
  const step = { tenantId, atMs, beforeMs, category: rule.category, site: rule.site, action: rule.action };
  let after: StepPlace | null = null;
  do {
    const beganMs = clock.monotonicMs();
    after = await store.withTenant(
      tenantId,
      async (tx): Promise<StepPlace | null> => {
        await writeDownDefault(tx, tenantId, rule, atMs);
        const done = await retentionStep(tx, step, { after, atMost: linesAtOnce });
        if (done.entries > 0) await addWork(tx, run, rule, { ...done, beforeMs });
        return done.place;
      },
      { timeoutMs: 120_000 },
    );
    if (after !== null) await sleep(clock, 'retention', Math.min(longestRestMs, clock.monotonicMs() - beganMs));
  } while (after !== null);
  return await store.withTenant(tenantId, (tx) => closeWork(tx, run, rule), { timeoutMs: 120_000 });
}

/** The database obeys rules that stand in its table only. */
async function writeDownDefault(tx: Tx, tenantId: string, rule: Rule, atMs: number): Promise<void> {
  if (rule.source !== 'default') return;
  await tx.$executeRaw(sql`
    insert into retention_rule (tenant_id, category, keep_days, action, source, version, updated_at)
    values (${tenantId}::uuid, ${rule.category}, ${rule.keep_days}, ${rule.action}, 'default', 0, ${new Date(atMs)})
    on conflict do nothing`);
}

async function addWork(
  tx: Tx,
  { tenantId, atMs, random }: RunFor,
  rule: Rule,
  done: {
    readonly entries: number;
    readonly carried: number;
    readonly first: number | null;
    readonly last: number | null;
    readonly beforeMs: number;
  },
): Promise<void> {
  await tx.$executeRaw(sql`
    insert into retention_work as w (tenant_id, category, site_key, run_id, version, action, before, entries, carried,
      first_index, last_index)
    values (${tenantId}::uuid, ${rule.category}, ${rule.site ?? everySite}::uuid, ${newUuid(atMs, random)}::uuid,
      ${rule.version}, ${rule.action}, ${new Date(done.beforeMs)}, ${done.entries}, ${done.carried}, ${done.first}::bigint,
      ${done.last}::bigint)
    on conflict (tenant_id, category, site_key) do update set before = excluded.before, action = excluded.action,
      version = excluded.version, entries = w.entries + excluded.entries, carried = w.carried + excluded.carried,
      first_index = least(w.first_index, excluded.first_index), last_index = greatest(w.last_index, excluded.last_index)`);
}

interface WorkRow {
  readonly run_id: string;
  readonly version: number;
  readonly action: 'delete' | 'pseudonymise';
  readonly before: Date;
  readonly entries: bigint;
  readonly carried: bigint;
  readonly first_index: bigint;
  readonly last_index: bigint;
}

/** The receipt of all that has been done since the last one; undefined when nothing has. */
async function closeWork(tx: Tx, run: RunFor, rule: Rule): Promise<RetentionRun | undefined> {
  const { tenantId, userId, atMs } = run;
  const siteKey = rule.site ?? everySite;
  const rows = await tx.$queryRaw<WorkRow[]>(sql`
    delete from retention_work where tenant_id = ${tenantId}::uuid and category = ${rule.category}
      and site_key = ${siteKey}::uuid
    returning run_id::text, version, action, before, entries, carried, first_index, last_index`);
  const work = rows[0];
  if (work === undefined) return undefined;
  const { held } = await rehearseRule({ tx, tenantId, atMs }, rule);
  const counts = { entries: Number(work.entries), held, carried: Number(work.carried) };
  const index = await appendCloudEvent(tx, {
    tenant: tenantId,
    at: new Date(atMs).toISOString(),
    actorId: userId,
    siteId: rule.site,
    kind: 'retention.run',
    data: {
      category: rule.category,
      action: work.action,
      before: work.before.toISOString(),
      ...counts,
      firstIndex: Number(work.first_index),
      lastIndex: Number(work.last_index),
      version: work.version,
      source: rule.source,
      reason: rule.reason,
    },
  });
  await tx.$executeRaw(sql`
    insert into retention_run (tenant_id, id, category, site_key, action, before, entries, held, carried, first_index,
      last_index, version, source, reason, ran_at, index)
    values (${tenantId}::uuid, ${work.run_id}::uuid, ${rule.category}, ${siteKey}::uuid, ${work.action}, ${work.before},
      ${counts.entries}, ${held}, ${counts.carried}, ${Number(work.first_index)}, ${Number(work.last_index)},
      ${work.version}, ${rule.source}, ${rule.reason}, ${new Date(atMs)}, ${index})`);
  return runView({
    ...work,
    ...rule,
    id: work.run_id,
    site_key: siteKey,
    held: BigInt(held),
    entries: counts.entries,
    version: work.version,
    ran_at: new Date(atMs),
    index: BigInt(index),
  });
}

export interface RunRow extends Pick<Rule, 'category' | 'source' | 'reason' | 'version'> {
  readonly id: string;
  readonly site_key: string;
  readonly action: 'delete' | 'pseudonymise';
  readonly before: Date;
  readonly entries: number;
  readonly held: bigint;
  readonly carried: bigint;
  readonly ran_at: Date;
  readonly index: bigint;
}

export function runView(row: RunRow): RetentionRun {
  return {
    id: idFromUuid('run', row.id),
    category: row.category,
    site: row.site_key === everySite ? null : idFromUuid('site', row.site_key),
    action: row.action,
    before: row.before.toISOString(),
    entries: row.entries,
    held: Number(row.held),
    carried: Number(row.carried),
    version: row.version,
    source: row.source,
    reason: row.reason,
    ran_at: row.ran_at.toISOString(),
    index: Number(row.index),
  };
}
