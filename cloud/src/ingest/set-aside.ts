import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Store } from '../store/prisma.js';
import { appendCloudEvent } from '../store/trail.js';
import type { KnownCabinet } from './cabinet-directory.js';
import { quarantine, type Suspect } from './quarantine.js';

export type SetAside = (cabinet: KnownCabinet, suspect: Omit<Suspect, 'cabinetId'>) => Promise<void>;

export interface SetAsideOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A cabinet may fill this many places in an hour; what it sends beyond that is only logged. */
const budget = { places: 200, everyMs: 3_600_000 } as const;

/**
 * Quarantines a whole message. The first of its kind is also a line of the trail; a cabinet that
 * sends rubbish without end cannot fill the disk.
 */
export function createSetAside({ store, clock, random, log }: SetAsideOptions): SetAside {
  const used = new Map<string, { places: number; untilMs: number }>();

  function isWithinBudget(key: string): boolean {
    const now = clock.monotonicMs();
    const found = used.get(key);
    if (found === undefined || found.untilMs <= now) {
      used.set(key, { places: 1, untilMs: now + budget.everyMs });
      return true;
    }
    found.places++;
    return found.places <= budget.places;
  }

  return async (cabinet, suspect) => {
    const { tenant } = cabinet;
    log.warn({ cabinet: cabinet.id, reason: suspect.reason, detail: suspect.detail }, 'ingest.message.quarantined');
    if (!isWithinBudget(`${tenant}/${cabinet.id}`)) return;
    const atMs = clock.wallMs();
    try {
      await store.withTenant(tenant, async (tx) => {
        const fresh = await quarantine(tx, { tenant, atMs, random }, [{ ...suspect, cabinetId: cabinet.id }]);
        if (fresh === 0) return;
        await appendCloudEvent(tx, {
          tenant,
          at: new Date(atMs).toISOString(),
          kind: 'event.quarantined',
          data: { stream: suspect.logId ?? '', seq: suspect.seq ?? 0, reason: suspect.reason },
          siteId: cabinet.siteId,
          cabinetId: cabinet.id,
        });
      });
    } catch (error) {
      log.error({ cabinet: cabinet.id, reason: errorText(error) }, 'ingest.quarantine.not_written');
    }
  };
}
