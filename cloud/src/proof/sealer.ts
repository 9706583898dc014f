import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import { listen } from '../database/listen.js';
import { signReceipts } from '../retention/receipts.js';
import { entryChannel, type TrailNotice } from '../store/notices.js';
import type { Store } from '../store/prisma.js';
import { logSigner } from './log-key.js';
import { type SealedCheckpoint, sealTenant } from './seal.js';

/** Seals every customer's trail soon after it has grown. Customers are UUIDs. */
export interface Sealer {
  /** Seals all that is there now, whether a notice has come or not. */
  sealAll(): Promise<void>;
  /** Seals what this customer has now. */
  seal(tenant: string): Promise<void>;
  close(): Promise<void>;
}

export interface SealerOptions {
  readonly store: Store;
  /** The address of the database for the runtime role, to hear of new entries. */
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** What the signing keys follow from; at least 32 characters. */
  readonly secret: string;
  /** What they followed from before, while cabinets follow to the new ones. */
  readonly formerSecret?: string | undefined;
  /** A checkpoint has been committed. */
  readonly onCheckpoint?: (tenant: string, checkpoint: SealedCheckpoint) => void;
}

/** A customer's checkpoints are at least this far apart; the merge delay stays under two seconds. */
const apartMs = 1_000;
const retryAfterMs = 30_000;
const everyMs = 3_600_000;

interface Work {
  timer: Timer | undefined;
  running: Promise<void> | undefined;
}

/** Starts with one round over all customers; after that notices say who has news. */
export function startSealer(options: SealerOptions): Sealer {
  const { store, clock, log } = options;
  const works = new Map<string, Work>();
  let isClosed = false;

  function workOf(tenant: string): Work {
    const found = works.get(tenant) ?? { timer: undefined, running: undefined };
    works.set(tenant, found);
    return found;
  }

  function soon(tenant: string, delayMs = apartMs): void {
    if (isClosed) return;
    const work = workOf(tenant);
    work.timer ??= clock.startTimer('seal', delayMs, () => {
      work.timer = undefined;
      void seal(tenant);
    });
  }

  function seal(tenant: string): Promise<void> {
    const work = workOf(tenant);
    const next = (work.running ?? Promise.resolve()).then(() => sealNow(tenant));
    work.running = next;
    return next.finally(() => {
      if (work.running === next) work.running = undefined;
    });
  }

  async function sealNow(tenant: string): Promise<void> {
    const signer = logSigner(options.secret, tenant);
    const former = options.formerSecret === undefined ? undefined : logSigner(options.formerSecret, tenant);
    try {
      // The first checkpoint introduces its key in the trail, so there may be more after it.
      for (let turn = 0; !isClosed && turn < 1000; turn++) {
        const target = { tenant, atMs: clock.wallMs() };
        const sealed = await store.withTenant(tenant, (tx) => sealTenant(tx, target, signer, former), {
          timeoutMs: 60_000,
        });
        if (sealed === undefined) break;
        options.onCheckpoint?.(tenant, sealed);
      }
      const target = { tenant, atMs: clock.wallMs() };
      await store.withTenant(tenant, (tx) => signReceipts(tx, target, signer));
    } catch (error) {
      log.error({ tenant, reason: errorText(error) }, 'proof.checkpoint.not_signed');
      soon(tenant, retryAfterMs);
    }
  }

  async function sealAll(): Promise<void> {
    const tenants = await store.tenants().catch((error: unknown) => {
      log.error({ reason: errorText(error) }, 'proof.checkpoint.not_signed');
      return [];
    });
    for (const tenant of tenants) await seal(tenant);
  }

  const hourly = repeat(clock, 'seal all', everyMs, () => sealAll());
  const listening = listen({
    url: options.databaseUrl,
    channel: entryChannel,
    clock,
    log,
    onNotice: (payload) => soon((JSON.parse(payload) as TrailNotice).tenant),
    onConnected: () => void sealAll(),
  });
  return {
    sealAll,
    seal,
    close: async () => {
      isClosed = true;
      hourly.cancel();
      await listening.stop();
      for (const work of works.values()) {
        work.timer?.cancel();
        await work.running;
      }
    },
  };
}
