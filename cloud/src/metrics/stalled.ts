import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { stateTimes } from '@tagtrail/shared/mqtt/messages.js';
import { type Clock, repeat } from '@tagtrail/shared/time/clock.js';
import type { Store, Transaction } from '../store/prisma.js';

/** Cabinets that are online and still do not get rid of what they recorded: some stage has gone quiet. */
export interface Stalled {
  readonly cabinets: number;
  /** Age of the oldest event that is not delivered; 0 for none. */
  readonly oldestMs: number;
}

/** A cabinet that is online delivers within a second or two. */
export const stalledAfterMs = 60_000;
const lookEveryMs = 15_000;

/** The stalled cabinets of one customer (UUID) at a wall time. */
export async function readStalled(tx: Transaction, tenant: string, atMs: number): Promise<Stalled> {
  const seenAfter = new Date(atMs - stateTimes.staleAfterMs);
  const recordedBefore = new Date(atMs - stalledAfterMs);
  const rows = await tx.$queryRaw<{ cabinets: number; oldest: Date | null }[]>`
    select count(*)::int as cabinets, min((body->>'oldestPendingAt')::timestamptz) as oldest from cabinet_state
    where tenant_id = ${tenant}::uuid and online and last_seen_at > ${seenAfter}
      and (body->>'pending')::int > 0 and (body->>'oldestPendingAt')::timestamptz < ${recordedBefore}`;
  const { cabinets = 0, oldest = null } = rows[0] ?? {};
  return { cabinets, oldestMs: oldest === null ? 0 : atMs - oldest.getTime() };
}

export interface StalledWatch {
  /** Undefined until everybody was looked at once. */
  read(): Stalled | undefined;
  stop(): void;
}

/** Looks at every customer a few times a minute, and says so in the log while one is stalled. */
export function watchStalled({ store, clock, log }: { store: Store; clock: Clock; log: Log }): StalledWatch {
  let newest: Stalled | undefined;
  async function look(): Promise<void> {
    let cabinets = 0;
    let oldestMs = 0;
    for (const tenant of await store.tenants()) {
      const stalled = await store.readTenant(tenant, (tx) => readStalled(tx, tenant, clock.wallMs()));
      if (stalled.cabinets > 0) log.warn({ tenant, ...stalled }, 'ingest.cabinets.stalled');
      cabinets += stalled.cabinets;
      oldestMs = Math.max(oldestMs, stalled.oldestMs);
    }
    newest = { cabinets, oldestMs };
  }
  const timer = repeat(clock, 'stalled cabinets', lookEveryMs, () =>
    look().catch((error: unknown) => log.warn({ reason: errorText(error) }, 'ingest.stalled.not_read')),
  );
  return { read: () => newest, stop: () => timer.cancel() };
}
