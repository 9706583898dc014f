import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { Store } from '../store/prisma.js';
import { runRetention } from './retention-run.js';

export interface RetentionJobOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const dayMs = 86_400_000;

/** Runs every customer's rules once a day, each customer in its own transaction. */
export function startRetentionJob(options: RetentionJobOptions): Timer {
  return repeat(options.clock, 'retention', dayMs, () => runForAll(options));
}

/** One round over all customers; one that goes wrong is logged and does not hold up the others. */
export async function runForAll({ store, clock, random, log }: RetentionJobOptions): Promise<void> {
  const atMs = clock.wallMs();
  for (const tenantId of await store.tenants()) {
    try {
      const receipts = await store.withTenant(
        tenantId,
        (tx) => runRetention({ tx, tenantId, userId: null, atMs }, random),
        { timeoutMs: 600_000 },
      );
      for (const { category, action, entries } of receipts)
        log.info({ tenantId, category, action, entries }, 'retention.rule.applied');
    } catch (error) {
      log.error({ tenantId, problem: errorText(error) }, 'retention.run.failed');
    }
  }
}
