import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { Store } from '../store/prisma.js';
import { clearEndedSignIns } from './beside-trail.js';
import { runRetention } from './retention-run.js';

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
    timer = repeat(clock, 'retention', dayMs, () => runForAll(options));
    void runForAll(options);
  });
  return { cancel: () => timer.cancel() };
}

/** One round over all customers; one that goes wrong does not hold up the others. */
export async function runForAll(options: RetentionJobOptions): Promise<void> {
  const { store, log } = options;
  await clearEndedSignIns(store, options.clock.wallMs())
    .then((rows) => log.info({ rows }, 'retention.sign_ins.cleared'))
    .catch((error: unknown) => log.error({ problem: errorText(error) }, 'retention.run.failed'));
  const tenants = await store.tenants().catch((error: unknown) => {
    log.error({ problem: errorText(error) }, 'retention.run.failed');
    return [];
  });
  for (const tenantId of tenants) {
    await runForOne(options, tenantId).catch((error: unknown) => {
      log.error({ tenantId, problem: errorText(error) }, 'retention.run.failed');
    });
  }
}

async function runForOne(options: RetentionJobOptions, tenantId: string): Promise<void> {
  const { receipts } = await runRetention({ ...options, tenantId, userId: null, atMs: options.clock.wallMs() });
  for (const { category, site, action, entries } of receipts) {
    options.log.info({ tenantId, category, site, action, entries }, 'retention.rule.applied');
  }
}
