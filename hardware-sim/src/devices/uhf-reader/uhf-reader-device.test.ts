import { toHex } from '@tagtrail/shared/bytes/hex.js';
import { encodeRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { setBaudRequest, versionRequest } from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { createUhfReaderDevice } from './uhf-reader-device.js';

const version = encodeRequest(versionRequest().op, versionRequest().data);

describe('createUhfReaderDevice', () => {
  it('boots when power comes on and is silent without it', async () => {
    const clock = new VirtualClock();
    const device = createUhfReaderDevice({ clock, random: seededRandom(1), air: { round: () => [] }, antennas: 4 });
    const heard: string[] = [];
    const ask = async (bytes: Uint8Array): Promise<readonly string[]> => {
      heard.length = 0;
      device.receive(bytes);
      await clock.advance(500);
      return heard.map((frame) => frame.slice(4, 6));
    };
    expect(await ask(version)).toEqual([]);
    device.powerOn((bytes) => heard.push(toHex(bytes)));
    await clock.advance(500);
    expect(heard.map((frame) => frame.slice(4, 6))).toEqual(['04']);
    expect(await ask(version)).toEqual(['03']);
    const faster = setBaudRequest(921_600);
    expect(await ask(encodeRequest(faster.op, faster.data))).toEqual(['06']);
    expect(device.baud()).toBe(921_600);
    device.powerOff();
    expect(await ask(version)).toEqual([]);
    device.powerOn((bytes) => heard.push(toHex(bytes)));
    await clock.advance(500);
    expect(heard.map((frame) => frame.slice(4, 6))).toEqual(['04']);
    expect(device.baud()).toBe(115_200);
  });
});
