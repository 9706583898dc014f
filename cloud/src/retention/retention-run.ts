import type { RetentionRule, RetentionRun, rehearsal } from '@tagtrail/shared/api/retention.js';
import type { DataCategory } from '@tagtrail/shared/events/trace-event.js';
import { idFromUuid, newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { z } from 'zod';
import { sql, type Tx } from '../store/sql.js';
import { appendCloudEvent } from '../store/trail.js';
import { readRules } from './read-rules.js';
import { expiredBeforeMs } from './retention-rules.js';

/** On whose customer's data a run works, and when. `userId` is null for the daily job. */
export interface RunFor {
  readonly tx: Tx;
  readonly tenantId: string;
  readonly userId: string | null;
  readonly atMs: number;
}

type Rehearsal = z.output<typeof rehearsal>;

/** What the rule of each category would touch if it ran now. */
export async function rehearse(run: Pick<RunFor, 'tx' | 'tenantId' | 'atMs'>): Promise<Rehearsal[]> {
  const answers: Rehearsal[] = [];
  for (const rule of await readRules(run.tx, run.tenantId)) answers.push(await rehearseRule(run, rule));
  return answers;
}

/** What this rule, set or only considered, would touch if it ran now. */
export async function rehearseRule(
  { tx, tenantId, atMs }: Pick<RunFor, 'tx' | 'tenantId' | 'atMs'>,
  rule: Pick<RetentionRule, 'category' | 'keep_days' | 'action'>,
): Promise<Rehearsal> {
  const beforeMs = expiredBeforeMs({ ...rule, updated_at: null }, atMs);
  const { category, action } = rule;
  if (beforeMs === null) return { category, action, before: null, entries: 0, oldest: null, newest: null };
  const named = sql`(e.actor_id is not null or e.counterpart_id is not null or e.data ?| array['takenBy', 'badgeHash'])`;
  const rows = await tx.$queryRaw<{ entries: number; oldest: Date | null; newest: Date | null }[]>(sql`
    select count(*)::int as entries, min(e.recorded_at) as oldest, max(e.recorded_at) as newest from entry e
    where e.tenant_id = ${tenantId}::uuid and e.category = ${category} and e.recorded_at < ${new Date(beforeMs)}
      and ${action === 'delete' ? sql`true` : named}`);
  const row = rows[0];
  return {
    category,
    action,
    before: new Date(beforeMs).toISOString(),
    entries: row?.entries ?? 0,
    oldest: row?.oldest?.toISOString() ?? null,
    newest: row?.newest?.toISOString() ?? null,
  };
}

/** Runs every rule that has something to do; answers the receipts. */
export async function runRetention(run: RunFor, random: Random): Promise<RetentionRun[]> {
  const receipts: RetentionRun[] = [];
  for (const rule of await readRules(run.tx, run.tenantId)) {
    const receipt = await runRule(run, rule, random);
    if (receipt !== undefined) receipts.push(receipt);
  }
  return receipts;
}

async function runRule(run: RunFor, rule: RetentionRule, random: Random): Promise<RetentionRun | undefined> {
  const { tx, tenantId, userId, atMs } = run;
  const beforeMs = expiredBeforeMs(rule, atMs);
  if (beforeMs === null || (await rehearseRule(run, rule)).entries === 0) return undefined;
  const { category, action } = rule;
  // The database obeys rules that stand in its table only; a default one is written down first.
  await tx.$executeRaw(sql`
    insert into retention_rule (tenant_id, category, keep_days, action, updated_at)
    values (${tenantId}::uuid, ${category}, ${rule.keep_days}, ${action}, ${new Date(atMs)}) on conflict do nothing`);
  const before = new Date(beforeMs);
  const touched = await tx.$queryRaw<{ entries: bigint; first_index: bigint | null; last_index: bigint | null }[]>(
    sql`select * from apply_retention(${category}, ${before}::timestamptz, ${new Date(atMs)}::timestamptz)`,
  );
  const entries = Number(touched[0]?.entries ?? 0n);
  const firstIndex = numberOrNull(touched[0]?.first_index);
  const lastIndex = numberOrNull(touched[0]?.last_index);
  if (category === 'session') await expireSessions(run, rule, before);
  const index = await appendCloudEvent(tx, {
    tenant: tenantId,
    at: new Date(atMs).toISOString(),
    actorId: userId,
    kind: 'retention.run',
    data: { category, action, before: before.toISOString(), entries, firstIndex, lastIndex },
  });
  const id = newUuid(atMs, random);
  await tx.$executeRaw(sql`
    insert into retention_run (tenant_id, id, category, action, before, entries, first_index, last_index, ran_at, index)
    values (${tenantId}::uuid, ${id}::uuid, ${category}, ${action}, ${before}, ${entries}, ${firstIndex}::bigint,
      ${lastIndex}::bigint, ${new Date(atMs)}, ${index})`);
  return runView({ id, category, action, before, entries, ran_at: new Date(atMs), index: BigInt(index) });
}

/** The list of cabinet sessions says the same as their lines, so it follows the same rule. */
async function expireSessions({ tx, tenantId }: RunFor, rule: RetentionRule, before: Date): Promise<void> {
  if (rule.action === 'delete') {
    await tx.$executeRaw(
      sql`delete from cabinet_session where tenant_id = ${tenantId}::uuid and closed_at < ${before}`,
    );
  } else {
    await tx.$executeRaw(sql`
      update cabinet_session set person_id = null where tenant_id = ${tenantId}::uuid and closed_at < ${before}`);
  }
  await tx.$executeRaw(sql`
    update cabinet_state set last_session_person_id = null
    where tenant_id = ${tenantId}::uuid and last_session_closed_at < ${before}`);
}

export interface RunRow {
  readonly id: string;
  readonly category: DataCategory;
  readonly action: 'delete' | 'pseudonymise';
  readonly before: Date;
  readonly entries: number;
  readonly ran_at: Date;
  readonly index: bigint;
}

export function runView(row: RunRow): RetentionRun {
  return {
    id: idFromUuid('run', row.id),
    category: row.category,
    action: row.action,
    before: row.before.toISOString(),
    entries: row.entries,
    ran_at: row.ran_at.toISOString(),
    index: Number(row.index),
  };
}

function numberOrNull(value: bigint | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
