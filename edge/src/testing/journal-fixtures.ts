import { createHash } from 'node:crypto';
import type { Sha256 } from '@tagtrail/shared/chain/record-chain.js';
import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import type { Disk } from '../journal/disk.js';
import { type JournalOptions, openJournal } from '../journal/journal.js';

export const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();

export const anAddress: CabinetAddress = {
  tenant: idFromUuid('tenant', '01890a5d-ac96-774b-bcce-b302099a8057'),
  cabinet: idFromUuid('cabinet', '01890a5d-ac96-774b-bcce-b302099a8058'),
};

export const aBoot = '0123456789abcdef';

/** A draft that can be told from others by `n`. */
export function aDraft(n = 1): TraceDraft {
  return { kind: 'door.closed', data: { door: 1, openForMs: n } };
}

export function anEvent(seq: number): TraceEvent {
  return { ...aDraft(seq), seq, at: '2026-01-05T06:00:00.000Z', mono: seq, boot: aBoot };
}

/** A journal on `disk`; what is not given does not matter to the test. */
export function openTestJournal(
  disk: Disk,
  options: Partial<Omit<JournalOptions, 'disk'>> & { random?: Random; clock?: VirtualClock } = {},
) {
  return openJournal({
    disk,
    clock: new VirtualClock(),
    random: seededRandom('journal'),
    boot: aBoot,
    identity: anAddress,
    sha256,
    log: silentLog,
    segmentBytes: 4096,
    ...options,
  });
}
