import { fromHex } from '@tagtrail/shared/bytes/hex.js';
import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import { encodeReply } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { createMercuryParser } from '@tagtrail/shared/protocol/mercury/mercury-parser.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { describe, expect, it } from 'vitest';
import type { MercuryConfig } from '../../device-config.js';
import { createDeviceHarness, type DeviceHarness } from '../../testing/device-harness.js';
import { createMercuryReader, type MercuryReader } from './mercury-reader.js';
import { moduleReplies, streamFrames } from './mercury-replies.vectors.js';

const config: MercuryConfig = {
  driver: 'mercury',
  path: '/dev/reader',
  baudRate: 115_200,
  antennas: [1, 2, 3, 4],
  readPowerDbm: 27,
  region: 'eu3',
  searchMs: 250,
};

interface Bench extends DeviceHarness {
  readonly reader: MercuryReader;
  readonly reads: TagRead[];
  readonly asked: { op: number; data: string }[];
  /** Replies by opcode; null = no answer. Changing it changes the module. */
  readonly replies: Map<number, string | null>;
  rounds(): number;
  /** Bytes from the module, as they come. */
  say(...hex: string[]): Promise<void>;
  /** Lets the module end a sweep every 250 ms for so long. */
  sweep(forMs: number): Promise<void>;
}

function usualReplies(): Map<number, string | null> {
  const sensed = encodeReply(0x61, 0, Uint8Array.of(5, 1, 1, 2, 1, 3, 1, 4, 1));
  const set9b = encodeReply(0x9b, 0, new Uint8Array(0));
  const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return new Map<number, string | null>([
    [0x03, moduleReplies.version.hex],
    [0x0c, moduleReplies.runsApplication.hex],
    [0x04, moduleReplies.bootedApplication.hex],
    [0x97, moduleReplies.regionSet.hex],
    [0x93, moduleReplies.protocolSet.hex],
    [0x91, moduleReplies.antennasSet.hex],
    [0x61, hexOf(sensed)],
    [0x62, moduleReplies.readPowerLimits.hex],
    [0x92, moduleReplies.readPowerSet.hex],
    [0x9b, hexOf(set9b)],
    [0x9a, moduleReplies.readerParamSet.hex],
    [0x2f, moduleReplies.readingStarted.hex],
  ]);
}

function createBench(options: { settings?: Partial<MercuryConfig>; moduleBaud?: number } = {}): Bench {
  const replies = usualReplies();
  const asked: Bench['asked'] = [];
  const reads: TagRead[] = [];
  let rounds = 0;
  let device: SerialLink | undefined;

  const harness = createDeviceHarness((link, baudRate) => {
    device = link;
    const parser = createMercuryParser({
      direction: 'request',
      onDiscard: () => {},
      onFrame: ({ op, data }) => {
        if (options.moduleBaud !== undefined && baudRate !== options.moduleBaud) return;
        asked.push({ op, data: Buffer.from(data).toString('hex') });
        const isStop = op === 0x2f && data[2] === 2;
        const reply = isStop ? moduleReplies.readingStopped.hex : replies.get(op);
        if (typeof reply === 'string') link.write(fromHex(reply)).catch(() => {});
      },
    });
    link.onData((chunk) => parser.push(chunk));
  });
  const reader = createMercuryReader({
    ...harness,
    config: { ...config, ...options.settings },
    listener: {
      onRead: (read) => reads.push(read),
      onRoundEnd: () => {
        rounds++;
      },
      onReport: (report) => harness.reports.push(report),
    },
  });
  const say = async (...hex: string[]): Promise<void> => {
    for (const one of hex) await device?.write(fromHex(one)).catch(() => {});
    await harness.clock.advance(1);
  };
  const sweep = async (forMs: number): Promise<void> => {
    for (let at = 0; at < forMs; at += 250) {
      await say(streamFrames.roundEnd.hex);
      await harness.clock.advance(249);
    }
  };
  return { ...harness, reader, reads, asked, replies, rounds: () => rounds, say, sweep };
}

async function readingBench(options: Parameters<typeof createBench>[0] = {}): Promise<Bench> {
  const bench = createBench(options);
  bench.reader.start();
  await bench.clock.advance(100);
  await bench.say(streamFrames.roundEnd.hex);
  return bench;
}

describe('createMercuryReader', () => {
  it('sets the module up in order and starts continuous reading', async () => {
    const bench = await readingBench();
    expect(bench.asked).toEqual([
      { op: 0x03, data: '' },
      { op: 0x0c, data: '' },
      { op: 0x97, data: '08' },
      { op: 0x93, data: '0005' },
      { op: 0x91, data: '020101020203030404' },
      { op: 0x61, data: '05' },
      { op: 0x9a, data: '010401' },
      { op: 0x62, data: '01' },
      { op: 0x92, data: '08fc' },
      { op: 0x91, data: '030108fc0208fc0308fc0408fc' },
      { op: 0x9b, data: '050001' },
      { op: 0x9b, data: '05010000' },
      { op: 0x9a, data: '010c00' },
      { op: 0x9a, data: '010901' },
      { op: 0x2f, data: '00000122000005072210001b00fa0007' },
    ]);
    expect(bench.status()).toBe('ok');
  });

  it('is not well before the first sweep ended', async () => {
    const bench = createBench();
    bench.reader.start();
    await bench.clock.advance(100);
    expect(bench.reports).toEqual([]);
  });

  it('tells that the power of the settings is out of reach', async () => {
    const bench = await readingBench();
    expect(bench.reports.at(-1)?.detail).toContain('works at 23 dBm');
  });

  it('hands on reads with antenna, strength and its own time', async () => {
    const bench = await readingBench({ settings: { readPowerDbm: 20 } });
    const before = bench.clock.monotonicMs();
    await bench.say(streamFrames.tagOne.hex, streamFrames.tagThree.hex, streamFrames.roundEndEmpty.hex);
    expect(bench.reads).toEqual([
      { epc: '3474257BF40000000000162E', antenna: 1, rssiDbm: -52, count: 1, atMs: before },
      { epc: '3374257BF40C0E400000162E', antenna: 3, rssiDbm: -47, count: 1, atMs: before },
    ]);
    expect(bench.rounds()).toBe(2);
    expect(bench.reports).toEqual([{ status: 'ok', detail: null }]);
  });

  it('understands frames that are cut into single bytes', async () => {
    const bench = await readingBench();
    const bytes = streamFrames.tagOne.hex.match(/../g) ?? [];
    await bench.say(...bytes);
    expect(bench.reads).toHaveLength(1);
  });

  it('understands two frames and a half in one chunk', async () => {
    const bench = await readingBench();
    const half = streamFrames.tagOne.hex.slice(0, 40);
    await bench.say(streamFrames.tagOne.hex + streamFrames.tagThree.hex + half, streamFrames.tagOne.hex.slice(40));
    expect(bench.reads.map((read) => read.antenna)).toEqual([1, 3, 1]);
  });

  it('gives up half a frame after 50 ms and reads the next one', async () => {
    const bench = await readingBench();
    await bench.say(streamFrames.tagOne.hex.slice(0, 40));
    await bench.clock.advance(60);
    await bench.say(streamFrames.tagThree.hex);
    expect(bench.reads.map((read) => read.antenna)).toEqual([3]);
    expect(bench.reader.counters().discardedBytes).toBe(20);
  });

  it('counts every frame once, also those that make no sense', async () => {
    const bench = await readingBench();
    await bench.say(
      streamFrames.tagOne.hex,
      streamFrames.tagWithBadCrc.hex,
      streamFrames.malformedTag.hex,
      streamFrames.temperature.hex,
      streamFrames.roundEnd.hex,
    );
    const counters = bench.reader.counters();
    expect(counters).toMatchObject({ responses: 15, reports: 4, rejected: 2, reads: 1, rounds: 2 });
    expect(counters.frames).toBe(counters.responses + counters.reports + counters.rejected);
  });

  it('finds a module that runs at another speed and says so', async () => {
    const bench = createBench({ moduleBaud: 921_600 });
    bench.reader.start();
    await bench.clock.advance(1500);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.openedAt.map((one) => one.baudRate)).toEqual([115_200, 9600, 921_600, 115_200, 921_600]);
    expect(bench.reports.at(-1)).toMatchObject({ status: 'ok', detail: expect.stringContaining('921600') });
  });

  it('starts the application of a module that waits in its boot loader', async () => {
    const bench = createBench();
    bench.replies.set(0x0c, Buffer.from(encodeReply(0x0c, 0, Uint8Array.of(0x11))).toString('hex'));
    bench.reader.start();
    await bench.clock.advance(100);
    expect(bench.asked.slice(1, 4).map((one) => one.op)).toEqual([0x0c, 0x04, 0x97]);
  });

  it('stops a module that still reads for an agent that is gone', async () => {
    const bench = createBench();
    bench.replies.set(0x03, null);
    bench.reader.start();
    await bench.clock.advance(10);
    await bench.say(streamFrames.tagOne.hex);
    bench.replies.set(0x03, moduleReplies.version.hex);
    await bench.clock.advance(400);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.asked.slice(0, 3)).toEqual([
      { op: 0x03, data: '' },
      { op: 0x2f, data: '000002' },
      { op: 0x03, data: '' },
    ]);
    expect(bench.reads).toEqual([]);
    expect(bench.status()).toBe('ok');
  });

  it('warns of an antenna that is not sensed and reads on', async () => {
    const bench = createBench({ settings: { readPowerDbm: 20 } });
    const reply = encodeReply(0x61, 0, Uint8Array.of(5, 1, 1, 2, 1, 3, 0, 4, 1));
    bench.replies.set(0x61, Buffer.from(reply).toString('hex'));
    bench.reader.start();
    await bench.clock.advance(100);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.reports).toEqual([{ status: 'ok', detail: expect.stringContaining('Antenna 3 is not sensed') }]);
    expect(bench.asked).toContainEqual({ op: 0x9a, data: '010400' });
  });

  it('has an antenna checked that was sensed before and is not any more', async () => {
    const bench = await readingBench();
    bench.replies.set(
      0x61,
      Buffer.from(encodeReply(0x61, 0, Uint8Array.of(5, 1, 1, 2, 1, 3, 0, 4, 1))).toString('hex'),
    );
    bench.asked.length = 0;
    await bench.say(moduleReplies.bootedApplication.hex);
    await bench.clock.advance(1000);
    expect(bench.asked).toContainEqual({ op: 0x9a, data: '010401' });
  });

  it('says what the module refuses and tries again', async () => {
    const bench = createBench();
    bench.replies.set(0x97, 'ff0097010b7695');
    bench.reader.start();
    await bench.clock.advance(100);
    expect(bench.reports.at(-1)).toMatchObject({ status: 'faulty', detail: expect.stringContaining('region eu3') });
    bench.replies.set(0x97, moduleReplies.regionSet.hex);
    await bench.clock.advance(1000);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.status()).toBe('ok');
  });

  it('asks once more when a reply is lost', async () => {
    const bench = createBench();
    bench.replies.set(0x93, null);
    bench.reader.start();
    await bench.clock.advance(300);
    bench.replies.set(0x93, moduleReplies.protocolSet.hex);
    await bench.clock.advance(400);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.openedAt).toHaveLength(1);
    expect(bench.status()).toBe('ok');
  });

  it('sets a module up again that restarted', async () => {
    const bench = await readingBench();
    await bench.say(moduleReplies.bootedApplication.hex);
    expect(bench.reports.at(-1)).toMatchObject({ status: 'faulty', detail: expect.stringContaining('restarted') });
    await bench.clock.advance(1000);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.status()).toBe('ok');
    expect(bench.openedAt).toHaveLength(2);
  });

  it('goes on when the module boots while its speed is looked for', async () => {
    const bench = createBench();
    bench.replies.set(0x03, null);
    bench.reader.start();
    await bench.clock.advance(10);
    bench.replies.set(0x03, moduleReplies.version.hex);
    await bench.say(moduleReplies.bootedApplication.hex);
    await bench.clock.advance(100);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.reports.map((report) => report.status)).toEqual(['ok']);
  });

  it('sets a module up again that lost its settings', async () => {
    const bench = await readingBench();
    await bench.say(streamFrames.transmitterNotSetUp.hex);
    expect(bench.status()).toBe('faulty');
    await bench.clock.advance(1000);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.status()).toBe('ok');
  });

  it('counts no sweep while an antenna is missing, and again when it is back', async () => {
    const bench = await readingBench();
    const before = bench.rounds();
    await bench.say(streamFrames.antennaMissing.hex, streamFrames.roundEnd.hex);
    expect(bench.reports.at(-1)).toMatchObject({ status: 'faulty', detail: expect.stringContaining('antenna cable') });
    expect(bench.rounds()).toBe(before);
    await bench.sweep(2500);
    expect(bench.status()).toBe('ok');
    expect(bench.rounds()).toBeGreaterThan(before);
  });

  it('is silent three seconds after its last sign of life, and heals by itself', async () => {
    const bench = await readingBench();
    await bench.sweep(2000);
    bench.replies.set(0x03, null);
    await bench.clock.advance(2000);
    expect(bench.status()).toBe('ok');
    await bench.clock.advance(1500);
    expect(bench.reports.at(-1)).toMatchObject({ status: 'silent', detail: expect.stringContaining('power') });
    bench.replies.set(0x03, moduleReplies.version.hex);
    await bench.clock.advance(12_000);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.status()).toBe('ok');
  });

  it('is unplugged in the middle of a frame and goes on with the next link', async () => {
    const bench = await readingBench();
    await bench.say(streamFrames.tagOne.hex.slice(0, 30));
    bench.unplug();
    await bench.clock.advance(8000);
    expect(bench.status()).toBe('unplugged');
    bench.replug();
    await bench.sweep(6000);
    await bench.say(streamFrames.tagThree.hex, streamFrames.roundEnd.hex);
    expect(bench.status()).toBe('ok');
    expect(bench.reads.map((read) => read.antenna)).toEqual([3]);
  });

  it('is garbled while most bytes make no sense, sets up anew, and is well on a clean line', async () => {
    const bench = await readingBench();
    for (let i = 0; i < 20; i++) {
      await bench.say('ff28220000ff10'.repeat(12), streamFrames.roundEnd.hex);
      await bench.clock.advance(150);
    }
    expect(bench.reports.at(-1)).toMatchObject({ status: 'garbled', detail: expect.stringContaining('cable') });
    await bench.clock.advance(2000);
    await bench.sweep(6000);
    expect(bench.status()).toBe('ok');
  });

  it('writes a stop before it closes and sends nothing afterwards', async () => {
    const bench = await readingBench();
    const closing = bench.reader.close();
    await bench.clock.advance(300);
    await closing;
    expect(bench.asked.at(-1)).toEqual({ op: 0x2f, data: '000002' });
    const asked = bench.asked.length;
    await bench.clock.advance(60_000);
    expect(bench.asked).toHaveLength(asked);
    expect(bench.clock.pending()).toEqual([]);
  });
});
