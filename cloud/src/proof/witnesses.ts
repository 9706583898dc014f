import { errorText } from '@tagtrail/shared/error.js';
import { type CabinetId, idFromUuid, type TenantId } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CheckpointMessage } from '@tagtrail/shared/mqtt/messages.js';
import { downTopic } from '@tagtrail/shared/mqtt/topics.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Store } from '../store/prisma.js';
import { checkpointFor, readWitnesses } from './show-checkpoint.js';

/** Shows the customers' checkpoints to their cabinets, which cosign them. */
export interface Witnesses {
  /** A customer (UUID) has a new checkpoint; several in a row are shown as one. */
  request(tenant: string): void;
  /** Shows the newest checkpoint of a customer now. */
  showNow(tenant: string): Promise<void>;
  close(): Promise<void>;
}

export interface WitnessesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly send: (topic: string, body: string) => Promise<void>;
}

/** What is younger than this may be cut off without any cabinet knowing of it. */
export const showEveryMs = 5_000;

export function createWitnesses({ store, clock, log, send }: WitnessesOptions): Witnesses {
  const timers = new Map<string, Timer>();
  const running = new Set<Promise<void>>();
  let isClosed = false;

  async function show(tenant: string): Promise<void> {
    const messages = await store.readTenant(tenant, async (tx) => {
      const bySeen = new Map<number, CheckpointMessage | undefined>();
      const found: { readonly cabinet: string; readonly message: CheckpointMessage }[] = [];
      for (const { cabinet, seen } of await readWitnesses(tx, tenant)) {
        if (!bySeen.has(seen)) bySeen.set(seen, await checkpointFor(tx, tenant, seen));
        const message = bySeen.get(seen);
        if (message !== undefined) found.push({ cabinet, message });
      }
      return found;
    });
    for (const { cabinet, message } of messages) {
      const address = {
        tenant: idFromUuid('tenant', tenant) as TenantId,
        cabinet: idFromUuid('cabinet', cabinet) as CabinetId,
      };
      await send(downTopic(address, 'checkpoint'), JSON.stringify(message));
    }
  }

  async function showNow(tenant: string): Promise<void> {
    const work = show(tenant).catch((error: unknown) => {
      log.error({ tenant, reason: errorText(error) }, 'proof.checkpoint.not_shown');
    });
    running.add(work);
    await work.finally(() => running.delete(work));
  }

  return {
    request: (tenant) => {
      if (isClosed || timers.has(tenant)) return;
      const timer = clock.startTimer('show checkpoint', showEveryMs, () => {
        timers.delete(tenant);
        void showNow(tenant);
      });
      timers.set(tenant, timer);
    },
    showNow,
    close: async () => {
      isClosed = true;
      for (const timer of timers.values()) timer.cancel();
      await Promise.all(running);
    },
  };
}
