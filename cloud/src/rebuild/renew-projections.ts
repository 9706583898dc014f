import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Clock, repeat } from '@tagtrail/shared/time/clock.js';
import type { Store } from '../store/prisma.js';
import { projectionsVersion } from '../store/projections/fold.js';
import { rebuildProjections } from '../store/projections/rebuild.js';

interface RenewOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

const retryEveryMs = 600_000;
/** Lines of progress come after this many entries. */
const sayEvery = 100_000;

/**
 * Projections of a release that knows more than the one before are empty, or folded otherwise, until
 * the trail is folded anew: this does it by itself, customer by customer, once, and tries again where
 * it went wrong. What is appended for a customer waits meanwhile.
 */
export function startRenewal(options: RenewOptions): { close(): Promise<void> } {
  const { clock, log } = options;
  let isClosed = false;
  let running = Promise.resolve();
  const turn = (): Promise<void> => {
    running = renewProjections(options, () => isClosed)
      .then((all) => {
        if (all) again.cancel();
      })
      .catch((error: unknown) => log.error({ problem: errorText(error) }, 'projections.unread'));
    return running;
  };
  const again = repeat(clock, 'projections', retryEveryMs, turn);
  void turn();
  return {
    close: async () => {
      isClosed = true;
      again.cancel();
      await running;
    },
  };
}

/** Folds anew what is of another version; answers whether all customers are of the present one then. */
export async function renewProjections(
  { store, clock, log }: RenewOptions,
  isStopped: () => boolean = () => false,
): Promise<boolean> {
  let all = true;
  for (const tenant of await store.tenants()) {
    if (isStopped()) return false;
    const head = await store.readTenant(tenant, (tx) => tx.tenantHead.findFirst({ where: { tenantId: tenant } }));
    if (head === null || head.projections === projectionsVersion) continue;
    log.info({ tenant, from: head.projections, to: projectionsVersion }, 'projections.renewal.begun');
    const startedMs = clock.monotonicMs();
    let next = sayEvery;
    const onProgress = (entries: number): void => {
      if (isStopped()) throw stopped;
      if (entries < next) return;
      log.info({ tenant, entries }, 'projections.renewal.goes_on');
      next = entries + sayEvery;
    };
    try {
      const { entries } = await rebuildProjections(store, tenant, { onProgress });
      const elapsedMs = Math.round(clock.monotonicMs() - startedMs);
      log.info({ tenant, entries, elapsedMs }, 'projections.renewal.done');
    } catch (error) {
      all = false;
      log.error({ tenant, problem: errorText(error) }, 'projections.renewal.failed');
    }
  }
  return all;
}

const stopped = new AppError('projections.stopped', 'The cloud stops; the next start folds this trail.', {
  kind: 'operator',
});
