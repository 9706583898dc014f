import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { keyProofText, signedText } from '@tagtrail/shared/mqtt/messages.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngest, type Ingest } from '../ingest/ingest.js';
import { makeCabinet, type TestCabinet } from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { overlapMs } from './announced-keys.js';

const at = '2026-01-05T06:00:00.000Z';
const aDoor = { kind: 'door.opened', at, data: { door: 1, signed: false } };

function announcement(cabinet: TestCabinet, by: KeyObject, of: KeyObject) {
  const publicKey = of.export({ type: 'spki', format: 'pem' }).toString().trim();
  const proof = sign(null, Buffer.from(keyProofText({ ...cabinet.address, publicKey })), by).toString('base64url');
  return { kind: 'key.rotated', at, data: { publicKey, proof } };
}

describe('a key that a cabinet announces', () => {
  const clock = new VirtualClock();
  const answers: Record<string, unknown>[] = [];
  let db: TestDatabase;
  let ingest: Ingest;
  beforeAll(async () => {
    db = await startTestDatabase();
    ingest = createIngest({
      ...{ store: db.store, clock, random: seededRandom('keys'), log: silentLog },
      send: async (_topic, body) => {
        answers.push(JSON.parse(body));
      },
    });
  });
  afterAll(async () => {
    await ingest?.close();
    await db?.close();
  });

  const sendIn = async (cabinet: TestCabinet, batch: Record<string, unknown>) => {
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(batch)));
    return answers.at(-1);
  };
  /** The batch of the last lines, signed by `key`. */
  const signedBy = (key: KeyObject, cabinet: TestCabinet, from: number): Record<string, unknown> => {
    const batch = cabinet.batch(from);
    const text = signedText({
      log: cabinet.log,
      from,
      to: cabinet.last,
      prev: String(batch['prev']),
      chain: cabinet.chain,
    });
    return { ...batch, sig: sign(null, Buffer.from(text), key).toString('base64url') };
  };

  it('signs what follows from that moment on, while the one before still vouches for what is sent again', async () => {
    const cabinet = await makeCabinet(db.store, await makeTenant(db.store));
    const fresh = generateKeyPairSync('ed25519');
    cabinet.record(aDoor, announcement(cabinet, fresh.privateKey, fresh.publicKey));
    const first = cabinet.batch();
    expect(await sendIn(cabinet, first)).toMatchObject({ upTo: 2 });
    cabinet.record(aDoor);
    // At once: what the cloud remembers of the cabinet is from before.
    expect(await sendIn(cabinet, signedBy(fresh.privateKey, cabinet, 3))).toMatchObject({ upTo: 3 });
    expect(await sendIn(cabinet, first)).toMatchObject({ upTo: 3 });
    await clock.advance(overlapMs + 1);
    expect(await sendIn(cabinet, first)).toMatchObject({ expect: 1, reason: 'bad_signature' });
  });

  it('is not believed when it is announced by somebody else, or by nobody who holds it', async () => {
    const cabinet = await makeCabinet(db.store, await makeTenant(db.store));
    const [fresh, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    cabinet.record(announcement(cabinet, other.privateKey, fresh.publicKey));
    expect(await sendIn(cabinet, signedBy(fresh.privateKey, cabinet, 1))).toMatchObject({ reason: 'bad_signature' });
    expect(await sendIn(cabinet, cabinet.batch())).toMatchObject({ upTo: 1 });
    cabinet.record(aDoor);
    expect(await sendIn(cabinet, signedBy(fresh.privateKey, cabinet, 2))).toMatchObject({ reason: 'bad_signature' });
    expect(await sendIn(cabinet, cabinet.batch(2))).toMatchObject({ upTo: 2 });
  });
});
