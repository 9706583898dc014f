import { fromHex } from '@tagtrail/shared/bytes/hex.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { describe, expect, it } from 'vitest';
import { createDeviceHarness, type DeviceHarness } from '../../testing/device-harness.js';
import { badgeFrames } from './rdm6300-frames.vectors.js';
import { createRdm6300Reader, type Rdm6300Reader } from './rdm6300-reader.js';

interface Bench extends DeviceHarness {
  readonly reader: Rdm6300Reader;
  readonly badges: string[];
  say(hex: string, thenMs?: number): Promise<void>;
}

async function createBench(): Promise<Bench> {
  let device: SerialLink | undefined;
  const badges: string[] = [];
  const harness = createDeviceHarness((link) => {
    device = link;
  });
  const reader = createRdm6300Reader({
    ...harness,
    config: { driver: 'rdm6300', path: '/dev/badge', baudRate: 9600 },
    listener: {
      onBadge: (number) => badges.push(number),
      onReport: (report) => harness.reports.push(report),
    },
  });
  reader.start();
  await harness.clock.advance(1);
  const say = async (hex: string, thenMs = 65): Promise<void> => {
    await device?.write(fromHex(hex)).catch(() => {});
    await harness.clock.advance(thenMs);
  };
  return { ...harness, reader, badges, say };
}

describe('createRdm6300Reader', () => {
  it('is well as soon as its port is open, although it says nothing', async () => {
    const bench = await createBench();
    await bench.clock.advance(60_000);
    expect(bench.reports).toEqual([{ status: 'ok', detail: null }]);
  });

  it('reports a badge with its second frame and stays quiet while it is held', async () => {
    const bench = await createBench();
    await bench.say(badgeFrames.badge.hex);
    expect(bench.badges).toEqual([]);
    for (let i = 0; i < 20; i++) await bench.say(badgeFrames.badge.hex);
    expect(bench.badges).toEqual([badgeFrames.badge.number]);
    expect(bench.reader.counters()).toEqual({ frames: 21, presented: 1, repeated: 20, discardedBytes: 0 });
  });

  it('reports a badge again that was away for more than 300 ms', async () => {
    const bench = await createBench();
    await bench.say(badgeFrames.highBit.hex + badgeFrames.highBit.hex, 310);
    await bench.say(badgeFrames.highBit.hex + badgeFrames.highBit.hex);
    expect(bench.badges).toEqual([badgeFrames.highBit.number, badgeFrames.highBit.number]);
  });

  it.each([
    ['a phantom that passes the check once', badgeFrames.phantom.hex],
    ['a frame that is too short', badgeFrames.short.hex + badgeFrames.short.hex],
    ['a frame with a wrong check', badgeFrames.badCheck.hex + badgeFrames.badCheck.hex],
  ])('ignores %s', async (_name, hex) => {
    const bench = await createBench();
    await bench.say(hex, 400);
    await bench.say(hex.slice(0, 4), 400);
    expect(bench.badges).toEqual([]);
  });

  it('does not report a held badge twice because of a phantom in between', async () => {
    const bench = await createBench();
    for (const frame of [badgeFrames.badge, badgeFrames.badge, badgeFrames.phantom, badgeFrames.badge]) {
      await bench.say(frame.hex);
    }
    expect(bench.badges).toEqual([badgeFrames.badge.number]);
  });

  it('understands single bytes and forgets half a frame', async () => {
    const bench = await createBench();
    await bench.say(badgeFrames.badge.hex.slice(0, 12), 200);
    for (const byte of (badgeFrames.badge.hex + badgeFrames.badge.hex).match(/../g) ?? []) await bench.say(byte, 1);
    expect(bench.badges).toEqual([badgeFrames.badge.number]);
    expect(bench.reader.counters().discardedBytes).toBe(6);
  });

  it('is unplugged and well again by itself', async () => {
    const bench = await createBench();
    bench.unplug();
    await bench.clock.advance(100);
    expect(bench.reports.at(-1)).toEqual({
      status: 'unplugged',
      detail: 'The badge reader is unplugged: check its cable.',
    });
    bench.replug();
    await bench.clock.advance(1000);
    await bench.say(badgeFrames.badge.hex + badgeFrames.badge.hex);
    expect(bench.status()).toBe('ok');
    expect(bench.badges).toEqual([badgeFrames.badge.number]);
  });

  it('is garbled while noise comes and well when it has ended', async () => {
    const bench = await createBench();
    for (let i = 0; i < 10; i++) await bench.say('ff00aa5502ff00aa5502', 100);
    expect(bench.status()).toBe('garbled');
    await bench.clock.advance(8000);
    expect(bench.status()).toBe('ok');
  });

  it('leaves nothing behind when it closes', async () => {
    const bench = await createBench();
    await bench.say(badgeFrames.badge.hex.slice(0, 12), 0);
    await bench.reader.close();
    await bench.clock.advance(10);
    expect(bench.clock.pending()).toEqual([]);
  });
});
