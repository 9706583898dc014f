import { encodeReply } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { describe, expect, it } from 'vitest';
import { createMercuryBench as createBench, readingBench } from '../../testing/mercury-bench.js';
import { moduleReplies, streamFrames } from './mercury-replies.vectors.js';

/** Every tag is selected, and is asked anew by the next sweep for the rest. */
const selects = '00000000000000200004000400000020000201' + '00';

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
      { op: 0x2f, data: `000001220000051e228814011b00fa00078200${selects}` },
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
