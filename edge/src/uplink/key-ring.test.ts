import { verify } from 'node:crypto';
import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { keyProofText, signedText } from '@tagtrail/shared/mqtt/messages.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { describe, expect, it } from 'vitest';
import type { Disk } from '../journal/disk.js';
import { createSeal } from '../rules/seal.js';
import { anAddress, anEvent } from '../testing/journal-fixtures.js';
import { createSimulatedDisk } from '../testing/simulated-disk.js';
import { openKeyRing } from './key-ring.js';
import { newSigningKey } from './signing-key.js';

const random = seededRandom('keys');
const base = newSigningKey(random);

function aJournal(logId = 'a'.repeat(32), events: TraceEvent[] = []) {
  return {
    logId,
    events,
    record: async (draft: TraceDraft): Promise<TraceEvent> => {
      const event = { ...anEvent(events.length + 1), ...draft, seq: events.length + 1 } as TraceEvent;
      events.push(event);
      return event;
    },
    replay: async function* () {
      yield* events;
    },
  };
}

const ring = (disk: Disk, journal: ReturnType<typeof aJournal>, secret = 'secret') =>
  openKeyRing({
    ...{ disk, journal, identity: anAddress, signingKey: base.privatePem, random, log: silentLog },
    seal: createSeal({ secret, identity: anAddress, use: 'keys', random }),
  });

type Ring = Awaited<ReturnType<typeof ring>>;

/** Which of the public keys verifies a batch that begins at `from`. */
function signerOf(keys: Ring, journal: { logId: string }, from: number, publicKeys: readonly string[]): number {
  const [prev, chain] = ['0'.repeat(64), '1'.repeat(64)];
  const batch = { from, to: from + 2, prev, chain, events: [] };
  const { sig } = keys.sign(journal.logId, batch);
  const text = Buffer.from(signedText({ log: journal.logId, from, to: from + 2, prev, chain }));
  return publicKeys.findIndex((key) => verify(null, text, key, Buffer.from(sig, 'base64url')));
}

const announced = (events: readonly TraceEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'key.rotated' ? [event.data.publicKey] : []));

describe('the key ring', () => {
  it('signs the announcement with the old key and what follows with the new one, after a restart too', async () => {
    const disk = createSimulatedDisk();
    const journal = aJournal('a'.repeat(32), [anEvent(1), anEvent(2)]);
    const keys = await ring(disk, journal);
    await keys.rotate();
    const [fresh = ''] = announced(journal.events);
    const event = journal.events.at(-1);
    const proof = event?.kind === 'key.rotated' ? event.data.proof : '';
    const text = keyProofText({ ...anAddress, publicKey: fresh });
    expect(verify(null, Buffer.from(text), fresh, Buffer.from(proof, 'base64url'))).toBe(true);
    for (const some of [keys, await ring(disk, journal)]) {
      expect([1, 3, 4].map((from) => signerOf(some, journal, from, [base.publicPem, fresh]))).toEqual([0, 0, 1]);
    }
    await keys.rotate();
    const [, third = ''] = announced(journal.events);
    expect([3, 4, 5].map((from) => signerOf(keys, journal, from, [base.publicPem, fresh, third]))).toEqual([0, 1, 2]);
  });

  it('never loses a key that was announced, wherever the power goes', async () => {
    for (let stop = 1; stop < 24; stop++) {
      const disk = createSimulatedDisk();
      const journal = aJournal('a'.repeat(32), [anEvent(1)]);
      const keys = await ring(disk, journal);
      disk.stopAt(disk.operations() + stop);
      void keys.rotate();
      for (let turn = 0; turn < 200; turn++) await Promise.resolve();
      const after = await ring(disk.crash(seededRandom(stop)), journal);
      const [fresh] = announced(journal.events);
      const publicKeys = fresh === undefined ? [base.publicPem] : [base.publicPem, fresh];
      expect([stop, signerOf(after, journal, 3, publicKeys)]).toEqual([stop, publicKeys.length - 1]);
    }
  });

  it('finds its announcement again in the log that follows a fork', async () => {
    const disk = createSimulatedDisk();
    const journal = aJournal('a'.repeat(32), [anEvent(1), anEvent(2), anEvent(3)]);
    await (await ring(disk, journal)).rotate();
    const [fresh = ''] = announced(journal.events);
    const carried = journal.events.at(-1) as TraceEvent;
    const next = aJournal('b'.repeat(32), [anEvent(1), { ...carried, seq: 2 }]);
    const keys = await ring(disk, next);
    expect([1, 2, 3].map((from) => signerOf(keys, next, from, [base.publicPem, fresh]))).toEqual([0, 0, 1]);
  });

  it('keeps no key readable, and begins anew with new credentials', async () => {
    const disk = createSimulatedDisk();
    const journal = aJournal();
    await (await ring(disk, journal)).rotate();
    expect(Buffer.from(disk.bytesOf('keys')).toString('latin1')).not.toContain('PRIVATE');
    const enrolledAgain = await ring(disk, journal, 'another secret');
    expect(signerOf(enrolledAgain, journal, 9, [base.publicPem])).toBe(0);
  });
});
