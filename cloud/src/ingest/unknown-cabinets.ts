import { createHash } from 'node:crypto';
import { errorText } from '@tagtrail/shared/error.js';
import { newUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Store } from '../store/prisma.js';
import { keptPayload } from './quarantine.js';

export interface UnknownCabinetsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Notes that a cabinet which does not exist asked to be let in, or sent something. Never rejects. */
export type NoteUnknownCabinet = (address: CabinetAddress, payload: Uint8Array) => Promise<void>;

/** One cabinet is written about once in this time; what comes in between is counted with the next one. */
const writeEveryMs = 60_000;
/** Whoever makes up ids fills no more places than these of a customer. */
const placesPerCustomer = 50;
const rememberedAtMost = 1_000;

/**
 * Cabinets that say they are a customer's and that the cloud does not know: one that was added after the
 * backup which a cloud was restored from, or somebody who tries. One row each, with the newest message and
 * how often; the office adopts it or rejects it.
 */
export function createUnknownCabinets({ store, clock, random, log }: UnknownCabinetsOptions): NoteUnknownCabinet {
  const heard = new Map<string, { times: number; untilMs: number }>();

  return async (address, payload) => {
    const now = clock.monotonicMs();
    const key = `${address.tenant}/${address.cabinet}`;
    const before = heard.get(key);
    if (before !== undefined && before.untilMs > now) {
      before.times++;
      return;
    }
    if (heard.size >= rememberedAtMost) heard.clear();
    heard.set(key, { times: 0, untilMs: now + writeEveryMs });
    const tenant = uuidFromId('tenant', address.tenant);
    const cabinet = uuidFromId('cabinet', address.cabinet);
    log.warn({ tenant, cabinet }, 'ingest.cabinet.unknown');
    const at = new Date(clock.wallMs());
    const digest = createHash('sha256').update(`unknown_cabinet\n${cabinet}`).digest('hex');
    try {
      await store.withTenant(
        tenant,
        (tx) => tx.$executeRaw`
          insert into quarantine as q (tenant_id, id, at, last_at, occurrences, cabinet_id, reason, detail, payload, digest)
          select t.tenant_id, ${newUuid(at.getTime(), random)}::uuid, ${at}, ${at}, ${1 + (before?.times ?? 0)},
            ${cabinet}::uuid, 'unknown_cabinet', ${address.cabinet}, ${JSON.stringify(keptPayload(payload))}::jsonb, ${digest}
          from tenant_head t where t.tenant_id = ${tenant}::uuid and (
            exists (select 1 from quarantine k where k.tenant_id = t.tenant_id and k.digest = ${digest})
            or (select count(*) from quarantine o where o.tenant_id = t.tenant_id and o.state = 'open'
              and o.reason = 'unknown_cabinet') < ${placesPerCustomer})
          on conflict (tenant_id, digest) do update set occurrences = q.occurrences + excluded.occurrences,
            last_at = excluded.last_at, payload = excluded.payload`,
      );
    } catch (error) {
      log.error({ cabinet, reason: errorText(error) }, 'ingest.quarantine.not_written');
    }
  };
}
