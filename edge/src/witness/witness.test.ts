import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { silentLog } from '@tagtrail/shared/log/log.js';
import type { CheckpointMessage } from '@tagtrail/shared/mqtt/messages.js';
import { checkpointText } from '@tagtrail/shared/proof/checkpoint.js';
import { noteKey, noteKeyText, noteKeyTypes, signNote } from '@tagtrail/shared/proof/signed-note.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { aCabinetId, aTenantId } from '../testing/builders.js';
import { createSimulatedDisk } from '../testing/simulated-disk.js';
import { readSigningKey } from '../uplink/signing-key.js';
import { openWitness, type Witness } from './witness.js';

const hashing = { sha256: (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer') };
const dayMs = 24 * 3_600_000;

/** A log that signs, with a root for each size and no proof between any two. */
function makeLog() {
  const keys = generateKeyPairSync('ed25519');
  const publicKey = new Uint8Array(keys.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const key = noteKey(hashing, { name: 'tagtrail/tenant_x', type: noteKeyTypes.ed25519, publicKey });
  const by = { key, sign: (message: Uint8Array) => new Uint8Array(sign(null, message, keys.privateKey)) };
  return (size: number, from: number): CheckpointMessage => {
    const root = hashing.sha256(Buffer.from(`root of ${size}`));
    const note = signNote(checkpointText({ origin: key.name, size, root }), by);
    return { v: 1, key: noteKeyText(key), note, from, path: [] };
  };
}

describe('the alarm of a witness', () => {
  let clock: VirtualClock;
  let witness: Witness;
  let recorded: { readonly kind: string; readonly data: unknown }[];
  const log = makeLog();

  beforeEach(async () => {
    clock = new VirtualClock();
    recorded = [];
    const key = readSigningKey(
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    witness = await openWitness({
      ...{ disk: createSimulatedDisk(), clock, log: silentLog, key: () => key },
      identity: { tenant: aTenantId, cabinet: aCabinetId },
      recorder: {
        record: async (draft) => {
          recorded.push(draft);
          return {} as never;
        },
      },
    });
    expect(await witness.see(log(40, 0))).toMatchObject({ size: 40 });
  });

  const lines = () => recorded.map(({ data }) => data);

  it('is one line a day for each reason, though the line itself makes the trail that is refused grow', async () => {
    for (let size = 41; size < 60; size++) await witness.see(log(size, 40));
    expect(lines()).toEqual([{ reason: 'not_grown', size: 41, seen: 40 }]);
    await witness.see(log(39, 0));
    await witness.see(log(38, 0));
    expect(lines().slice(1)).toEqual([{ reason: 'shorter', size: 39, seen: 40 }]);
    await clock.advance(dayMs);
    await witness.see(log(60, 40));
    expect(lines().slice(2)).toEqual([{ reason: 'not_grown', size: 60, seen: 40 }]);
  });

  it('is raised again after the trail was as it should be', async () => {
    await witness.see(log(41, 40));
    await witness.see(log(40, 40));
    await witness.see(log(42, 40));
    expect(lines()).toEqual([
      { reason: 'not_grown', size: 41, seen: 40 },
      { reason: 'not_grown', size: 42, seen: 40 },
    ]);
  });
});
