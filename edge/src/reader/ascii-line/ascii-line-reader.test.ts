import { encodeAsciiLine } from '@tagtrail/shared/protocol/ascii-line/ascii-line-parser.js';
import { describe, expect, it } from 'vitest';
import type { AsciiLineConfig } from '../../device-config.js';
import { createDeviceHarness } from '../../testing/device-harness.js';
import { createAsciiLineReader } from './ascii-line-reader.js';

const config: AsciiLineConfig = {
  driver: 'ascii',
  path: '/dev/badge',
  baudRate: 9600,
  terminator: 'crlf',
  prefix: '',
  suffix: '',
  pattern: '^([0-9A-Fa-f]+)$',
  radix: 16,
  digits: 10,
  debounceMs: 500,
};

async function readyBench() {
  const badges: string[] = [];
  const harness = createDeviceHarness(() => {});
  const reader = createAsciiLineReader({
    ...harness,
    config,
    listener: { onBadge: (number) => badges.push(number), onReport: (report) => harness.reports.push(report) },
  });
  reader.start();
  await harness.clock.advance(10);
  const send = async (text: string, thenMs: number): Promise<void> => {
    await harness.pair().device.write(encodeAsciiLine(text, config));
    await harness.clock.advance(thenMs);
  };
  return { ...harness, reader, badges, send };
}

describe('createAsciiLineReader', () => {
  it('reports a badge once while it is held, and again when it comes back', async () => {
    const bench = await readyBench();
    for (let i = 0; i < 5; i++) await bench.send('1F00644BB6', 400);
    expect(bench.badges).toEqual(['1F00644BB6']);
    await bench.clock.advance(200);
    await bench.send('1F00644BB6', 0);
    await bench.send('2F00644BB6', 0);
    expect(bench.badges).toEqual(['1F00644BB6', '1F00644BB6', '2F00644BB6']);
    expect(bench.reader.counters()).toEqual({ lines: 7, presented: 3, repeated: 4, discardedBytes: 0 });
    expect(bench.status()).toBe('ok');
  });

  it('gives up a line whose end never came', async () => {
    const bench = await readyBench();
    await bench.pair().device.write(encodeAsciiLine('1F00644BB6', config).subarray(0, 5));
    await bench.clock.advance(300);
    await bench.send('2F00644BB6', 0);
    expect(bench.badges).toEqual(['2F00644BB6']);
    expect(bench.reader.counters().discardedBytes).toBe(5);
  });

  it('is unplugged and comes back', async () => {
    const bench = await readyBench();
    bench.unplug();
    await bench.clock.advance(10);
    expect(bench.status()).toBe('unplugged');
    bench.replug();
    await bench.clock.advance(6000);
    expect(bench.status()).toBe('ok');
  });

  it('refuses a pattern that could take for ever', () => {
    const harness = createDeviceHarness(() => {});
    const listener = { onBadge: () => {}, onReport: () => {} };
    const create = () => createAsciiLineReader({ ...harness, listener, config: { ...config, pattern: '^(a+)+$' } });
    expect(create).toThrow(expect.objectContaining({ code: 'reader.pattern_refused' }));
  });
});
