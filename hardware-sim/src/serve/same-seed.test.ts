import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { encodeRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { quickCabinet } from '../testing/quick-cabinet.js';
import { mercuryReader } from './cabinet-reader.js';

const tags = Array.from({ length: 12 }, (_, i) => ({ epc: `E280116060000205000001${10 + i}`, antenna: 1 + (i % 4) }));

/** Region, protocol, four antennas, filter off, start reading (protocols of the Mercury family). */
const conversation = [
  [0x97, '08'],
  [0x93, '0005'],
  [0x91, '020101020203030404'],
  [0x9a, '010C00'],
  [0x2f, '00000122000005072210001B00FA01FF'],
] as const;

/** Every byte that a host hears from a cabinet in which the same things happen each time. */
async function heard(seed: number): Promise<Record<'uhf' | 'badge' | 'lock', string>> {
  const clock = new VirtualClock();
  const quick = quickCabinet(clock, { seed, tags, reader: { strayPerRound: 2 } }, mercuryReader);
  const log = { uhf: '', badge: '', lock: '' };
  const open = async (name: 'uhf' | 'badge' | 'lock') => {
    const link = await quick.lines[name].openLink();
    link.onData((chunk) => {
      log[name] += toHex(chunk);
    });
    return link;
  };
  const uhf = await open('uhf');
  await open('badge');
  const lock = await open('lock');
  await clock.advance(500);
  for (const [op, data] of conversation) {
    await uhf.write(encodeRequest(op, fromHex(data)));
    await clock.advance(50);
  }
  await clock.advance(1000);
  quick.cabinet.badgeReader.present('1F00644BB6', 200);
  quick.cabinet.faults.begin({ fault: 'garble', device: 'badge', options: { percent: 10 } });
  await lock.write(fromHex('0105020000078DB0'));
  await clock.advance(300);
  quick.cabinet.openDoor(1, false);
  quick.cabinet.placeTag({ epc: tags[0]?.epc ?? '', inside: false });
  await clock.advance(1000);
  quick.cabinet.closeDoor(1);
  await clock.advance(1000);
  quick.cabinet.close();
  expect(clock.pending()).toEqual([]);
  return log;
}

describe('a cabinet', () => {
  it('sends the same bytes for the same seed and the same acts, others for another seed', async () => {
    const first = await heard(7);
    expect(first.uhf.length).toBeGreaterThan(10_000);
    expect(first.badge).not.toBe('');
    expect(first.lock).toBe('0105020000078DB0');
    expect(await heard(7)).toEqual(first);
    const other = await heard(8);
    expect(other.uhf).not.toBe(first.uhf);
    expect(other.badge).not.toBe(first.badge);
  });
});
