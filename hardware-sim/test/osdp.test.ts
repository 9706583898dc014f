import type { OsdpConfig } from '@tagtrail/edge/device-config.js';
import { createOsdpReader } from '@tagtrail/edge/reader/osdp/osdp-reader.js';
import { createDeviceHarness } from '@tagtrail/edge/testing/device-harness.js';
import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { osdpReply } from '@tagtrail/shared/protocol/osdp/osdp-constants.js';
import { encodeOsdp } from '@tagtrail/shared/protocol/osdp/osdp-frame.js';
import { encodeRawCard } from '@tagtrail/shared/protocol/osdp/osdp-messages.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { createOsdpBadgeReader } from '../src/devices/osdp-badge-reader.js';

const ownKey = '000102030405060708090A0B0C0D0E0F';
const installKey = '303132333435363738393A3B3C3D3E3F';

/** The driver and the simulated reader with a line between them that can be altered. */
async function createBench(
  options: { secureKey?: string | null; readerKey?: string; giveKey?: boolean; startMs?: number } = {},
) {
  const badges: string[] = [];
  const onLine: string[] = [];
  let alter = (bytes: Uint8Array): Uint8Array | null => bytes;
  const random = seededRandom('osdp reader');
  const device = createOsdpBadgeReader({
    random,
    ...(options.readerKey === undefined ? {} : { key: options.readerKey }),
  });
  const harness = createDeviceHarness((link) => {
    device.powerOff();
    device.powerOn((bytes) => {
      onLine.push(toHex(bytes));
      const altered = alter(bytes);
      if (altered !== null) link.write(altered).catch(() => {});
    });
    link.onData(device.receive);
  });
  const config: OsdpConfig = {
    driver: 'osdp',
    path: '/dev/badge',
    baudRate: 9600,
    address: 0,
    secureKey: options.secureKey ?? null,
    giveKey: options.giveKey ?? false,
    digits: 10,
  };
  const reader = createOsdpReader({
    ...harness,
    config,
    listener: { onBadge: (number) => badges.push(number), onReport: (report) => harness.reports.push(report) },
  });
  reader.start();
  await harness.clock.advance(options.startMs ?? 1000);
  return {
    ...harness,
    reader,
    device,
    badges,
    onLine,
    alterReplies: (next: typeof alter) => {
      alter = next;
    },
  };
}

describe('an OSDP badge reader', () => {
  it('tells a badge in the clear', async () => {
    const bench = await createBench();
    bench.device.present('1F00644BB6', 2000);
    await bench.clock.advance(1000);
    expect(bench.badges).toEqual(['1F00644BB6']);
    expect(bench.reports).toEqual([{ status: 'ok', detail: null }]);
    expect(bench.reader.counters()).toEqual({ cards: 1, presented: 1, unreadable: 0 });
  });

  it('tells a badge over the secure channel, and its number is nowhere on the line', async () => {
    const bench = await createBench({ secureKey: ownKey, readerKey: ownKey });
    bench.device.present('1F00644BB6', 2000);
    await bench.clock.advance(1000);
    expect(bench.badges).toEqual(['1F00644BB6']);
    expect(bench.status()).toBe('ok');
    expect(bench.onLine.some((hex) => hex.includes('1F00644BB6'))).toBe(false);
  });

  it('warns of the key that everybody knows', async () => {
    const bench = await createBench({ secureKey: installKey });
    expect(bench.reports.at(-1)).toEqual({ status: 'ok', detail: expect.stringContaining('everybody knows') });
  });

  it.each([
    ['another key', { secureKey: ownKey, readerKey: 'FF'.repeat(16) }],
    ['no key where the reader wants one', { secureKey: null, readerKey: ownKey }],
  ])('is faulty with %s, and hears no badge', async (_what, options) => {
    const bench = await createBench({ ...options, startMs: 3000 });
    bench.device.present('1F00644BB6', 2000);
    await bench.clock.advance(3000);
    expect(bench.status()).toBe('faulty');
    expect(bench.badges).toEqual([]);
  });

  it('gives a reader in its delivered state the key of the cabinet, and from then on talks with that one', async () => {
    const bench = await createBench({ secureKey: ownKey, giveKey: true });
    expect(bench.device.key()).toBe(ownKey);
    expect(bench.reports.at(-1)).toEqual({ status: 'ok', detail: expect.stringContaining('giveKey') });
    expect(bench.onLine.some((hex) => hex.includes(ownKey))).toBe(false);
    bench.device.present('1F00644BB6', 2000);
    await bench.clock.advance(500);
    bench.unplug();
    await bench.clock.advance(1000);
    expect(bench.status()).toBe('unplugged');
    bench.replug();
    await bench.clock.advance(8000);
    expect(bench.badges).toEqual(['1F00644BB6']);
    expect(bench.reports.at(-1)).toEqual({ status: 'ok', detail: null });
  });

  it.each([
    ['that was not told to', {}],
    ['whose reader has another key already', { giveKey: true, readerKey: 'FF'.repeat(16) }],
  ])('gives no key from a cabinet %s', async (_what, options) => {
    const bench = await createBench({ secureKey: ownKey, startMs: 3000, ...options });
    expect(bench.status()).toBe('faulty');
    expect(bench.device.key()).toBe('readerKey' in options ? options.readerKey : undefined);
  });

  it('takes a badge once whose answer was lost on the line', async () => {
    const bench = await createBench({ secureKey: ownKey, readerKey: ownKey });
    let lost = 0;
    bench.alterReplies((bytes) => (lost++ < 2 ? null : bytes));
    bench.device.present('1F00644BB6', 2000);
    await bench.clock.advance(2000);
    expect(lost).toBeGreaterThan(2);
    expect(bench.badges).toEqual(['1F00644BB6']);
    expect(bench.status()).toBe('ok');
  });

  it('takes no badge that is put on the line in the clear beside the secure channel', async () => {
    const bench = await createBench({ secureKey: ownKey, readerKey: ownKey });
    const data = encodeRawCard({ reader: 0, format: 0, bits: 40, data: fromHex('1F00644BB6') });
    const forged = [0, 1, 2, 3].flatMap((sequence) => [
      ...encodeOsdp({ address: 0, reply: true, sequence, crc: true, security: null, id: osdpReply.rawCard, data }),
    ]);
    bench.alterReplies((bytes) => Uint8Array.from([...forged, ...bytes]));
    await bench.clock.advance(2000);
    expect(bench.badges).toEqual([]);
  });

  it('asks again when the reader is busy', async () => {
    const bench = await createBench();
    let busy = 3;
    const frame = encodeOsdp({
      ...{ address: 0, reply: true, sequence: 0, crc: true, security: null },
      id: osdpReply.busy,
      data: new Uint8Array(0),
    });
    bench.alterReplies((bytes) => (busy-- > 0 ? frame : bytes));
    bench.device.present('1F00644BB6', 2000);
    await bench.clock.advance(2000);
    expect(bench.badges).toEqual(['1F00644BB6']);
    expect(bench.status()).toBe('ok');
  });

  it('is silent when it does not answer, without any badge, and comes back', async () => {
    const bench = await createBench({ secureKey: ownKey, readerKey: ownKey });
    bench.alterReplies(() => null);
    await bench.clock.advance(3000);
    expect(bench.status()).toBe('silent');
    bench.alterReplies((bytes) => bytes);
    await bench.clock.advance(8000);
    expect(bench.status()).toBe('ok');
    bench.device.present('1F00644BB6', 2000);
    await bench.clock.advance(500);
    expect(bench.badges).toEqual(['1F00644BB6']);
  });

  it('tells that it is tampered with, until it is not', async () => {
    const bench = await createBench();
    const told = (tamper: number, sequence: number): Uint8Array =>
      encodeOsdp({
        ...{ address: 0, reply: true, sequence, crc: true, security: null },
        id: osdpReply.localStatus,
        data: Uint8Array.of(tamper, 0),
      });
    const sequenceOf = (bytes: Uint8Array): number => (bytes[5] as number) & 3;
    bench.alterReplies((bytes) => told(1, sequenceOf(bytes)));
    await bench.clock.advance(300);
    expect(bench.reports.at(-1)).toEqual({ status: 'faulty', detail: expect.stringContaining('opened') });
    bench.alterReplies((bytes) => told(0, sequenceOf(bytes)));
    await bench.clock.advance(300);
    expect(bench.status()).toBe('ok');
  });

  it('shows what became of a badge by light and sound', async () => {
    const bench = await createBench({ secureKey: ownKey, readerKey: ownKey });
    bench.reader.feedback?.('accepted');
    await bench.clock.advance(500);
    expect(bench.device.shown).toEqual(['0000021400020014000000000000', '0002010101']);
    bench.reader.feedback?.('refused');
    await bench.clock.advance(500);
    expect(bench.device.shown.slice(2)).toEqual(['0000021400010014000000000000', '0002020203']);
  });

  it('leaves nothing behind when it closes', async () => {
    const bench = await createBench({ secureKey: ownKey, readerKey: ownKey });
    await bench.reader.close();
    await bench.clock.advance(500);
    expect(bench.clock.pending()).toEqual([]);
  });
});
