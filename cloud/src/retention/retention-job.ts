import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { Store } from '../store/prisma.js';
import { clearEndedSignIns } from './beside-trail.js';
import { runRetention, type StoppedRule } from './retention-run.js';

export interface RetentionJobOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const dayMs = 86_400_000;
/** A process that is restarted every night still has its run. */
const firstAfterMs = 60_000;

/** Runs every customer's rules soon after the start and then once a day. */
export function startRetentionJob(options: RetentionJobOptions): Timer {
  const { clock } = options;
  let timer = clock.startTimer('retention', firstAfterMs, () => {
    timer = repeat(clock, 'retention', dayMs, async () => void (await runForAll(options)));
    void runForAll(options);
  });
  return { cancel: () => timer.cancel() };
}

/** One round over all customers; one that goes wrong does not hold up the others. Answers what went wrong. */
export async function runForAll(options: RetentionJobOptions): Promise<readonly string[]> {
  const { store, log } = options;
  const problems: string[] = [];
  const failed = (error: unknown, detail: { readonly tenantId?: string } = {}): void => {
    const problem = errorText(error);
    log.error({ ...detail, problem }, 'retention.run.failed');
    problems.push(detail.tenantId === undefined ? problem : `${detail.tenantId}: ${problem}`);
  };
  await clearEndedSignIns(store, options.clock.wallMs())
    .then((rows) => log.info({ rows }, 'retention.sign_ins.cleared'))
    .catch(failed);
  const tenants = await store.tenants().catch((error: unknown) => {
    failed(error);
    return [];
  });
  for (const tenantId of tenants) {
    const stopped = await runForOne(options, tenantId).catch((error: unknown) => {
      failed(error, { tenantId });
      return [];
    });
    problems.push(...stopped.map(({ category, why }) => `${tenantId}: ${category} ${why}`));
  }
  return problems;
}

async function runForOne(options: RetentionJobOptions, tenantId: string): Promise<readonly StoppedRule[]> {
  const atMs = options.clock.wallMs();
  const { receipts, stopped } = await runRetention({ ...options, tenantId, userId: null, atMs });
  for (const { category, site, action, entries } of receipts) {
    options.log.info({ tenantId, category, site, action, entries }, 'retention.rule.applied');
  }
  return stopped;
}
