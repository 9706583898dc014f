import { toHex } from '@tagtrail/shared/bytes/hex.js';
import { streamStatisticsReply } from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import { encodeReply } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { statisticsFlag } from '@tagtrail/shared/protocol/mercury/mercury-statistics.js';
import { describe, expect, it } from 'vitest';
import { parseEdgeConfig } from '../../config.js';
import { createMercuryBench, readingBench } from '../../testing/mercury-bench.js';
import { streamFrames } from './mercury-replies.vectors.js';

const ok = (op: number): string => toHex(encodeReply(op, 0, new Uint8Array(0)));
const refusal = (op: number, status: number): string => toHex(encodeReply(op, status, new Uint8Array(0)));

function temperatureFrame(celsius: number): string {
  const head = { option: 0x10, extendedOption: null, flags: 0x011b, metadataFlags: 0x0007 };
  const fields = [{ flag: statisticsFlag.temperature, value: Uint8Array.of(celsius) }];
  return toHex(encodeReply(0x22, 0, streamStatisticsReply(head, { flags: statisticsFlag.temperature, fields })));
}

describe('the speed of a Mercury reader', () => {
  it('is changed to that of the settings', async () => {
    const bench = createMercuryBench({ moduleBaud: 115_200, settings: { baudRate: 921_600, readPowerDbm: 20 } });
    bench.replies.set(0x06, ok(0x06));
    bench.reader.start();
    await bench.clock.advance(3000);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.asked).toContainEqual({ op: 0x06, data: '000e1000' });
    expect(bench.openedAt.at(-1)?.baudRate).toBe(921_600);
    expect(bench.reports).toEqual([{ status: 'ok', detail: null }]);
  });

  it('stays as it is when the module refuses another, and is told', async () => {
    const bench = createMercuryBench({ moduleBaud: 921_600 });
    bench.replies.set(0x06, refusal(0x06, 0x010a));
    bench.reader.start();
    await bench.clock.advance(1500);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.openedAt.map((one) => one.baudRate)).toEqual([115_200, 9600, 921_600, 115_200, 921_600]);
    expect(bench.reports.at(-1)).toMatchObject({ status: 'ok', detail: expect.stringContaining('921600') });
  });

  it('goes back when nothing is understood at the new one, and is not tried again', async () => {
    const bench = createMercuryBench({
      moduleBaud: 115_200,
      deafAt: 921_600,
      settings: { baudRate: 921_600, readPowerDbm: 20 },
    });
    bench.replies.set(0x06, ok(0x06));
    bench.reader.start();
    await bench.clock.advance(3000);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.status()).toBe('ok');
    expect(bench.reports.at(-1)?.detail).toContain('runs at 115200');
    expect(bench.asked.filter(({ op }) => op === 0x06).map(({ data }) => data)).toEqual(['000e1000', '0001c200']);
    bench.unplug();
    await bench.clock.advance(5000);
    bench.replug();
    await bench.clock.advance(10_000);
    expect(bench.asked.filter(({ op }) => op === 0x06)).toHaveLength(2);
  });

  it('is left alone behind a serial server, which has a speed of its own', async () => {
    const bench = createMercuryBench({ moduleBaud: 921_600, settings: { path: 'tcp://server:4001' } });
    bench.replies.set(0x06, ok(0x06));
    bench.reader.start();
    await bench.clock.advance(3000);
    expect(bench.asked.some(({ op }) => op === 0x06)).toBe(false);
  });
});

describe('the ports of a Mercury reader', () => {
  it('get a power of their own', async () => {
    const bench = await readingBench({
      settings: { readPowerDbm: 20, ports: [{ antenna: 2, readPowerDbm: 15 }] },
    });
    expect(bench.asked).toContainEqual({
      op: 0x91,
      data: ['04', '0107d007d00000', '0205dc05dc0000', '0307d007d00000', '0407d007d00000'].join(''),
    });
    expect(bench.reports).toEqual([{ status: 'ok', detail: null }]);
  });

  it('get a time of their own, and share what is left', async () => {
    const bench = await readingBench({
      settings: { readPowerDbm: 20, searchMs: 300, ports: [{ antenna: 1, dwellMs: 150 }] },
    });
    expect(bench.asked).toContainEqual({ op: 0x91, data: '07010096020032030032040032' });
  });

  it('have a warning when the module knows no such table', async () => {
    const bench = createMercuryBench({
      settings: { readPowerDbm: 20, ports: [{ antenna: 2, readPowerDbm: 15, dwellMs: 50 }] },
    });
    bench.refuse.add('9104').add('9103').add('9107');
    bench.reader.start();
    await bench.clock.advance(200);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.reports.at(-1)).toEqual({
      status: 'ok',
      detail: expect.stringMatching(/power of its own.*time of its own/),
    });
  });

  it('have settings that make sense', () => {
    const text = (ports: string): string => `
credentials: c.json
data: data
devices:
  uhf: { path: /dev/a, antennas: [1, 2], searchMs: 250, ports: ${ports} }
  badge: { path: /dev/b }
  lock: { path: /dev/c }
`;
    expect(() => parseEdgeConfig(text('[{ antenna: 1, dwellMs: 100 }, { antenna: 2, dwellMs: 150 }]'))).not.toThrow();
    expect(() => parseEdgeConfig(text('[{ antenna: 1, dwellMs: 200 }, { antenna: 2, dwellMs: 100 }]'))).toThrow(
      /longer/,
    );
    expect(() => parseEdgeConfig(text('[{ antenna: 3, dwellMs: 100 }]'))).toThrow(/not in use/);
    expect(() => parseEdgeConfig(text('[{ antenna: 1 }, { antenna: 1 }]'))).toThrow(/once only/);
  });
});

describe('the state of a Mercury reader', () => {
  it('has a warning while it is hot', async () => {
    const bench = await readingBench({ settings: { readPowerDbm: 20 } });
    await bench.say(temperatureFrame(74));
    expect(bench.reports).toEqual([{ status: 'ok', detail: null }]);
    await bench.say(temperatureFrame(76), temperatureFrame(72), streamFrames.roundEnd.hex);
    expect(bench.reports.at(-1)).toEqual({ status: 'ok', detail: expect.stringContaining('76 degrees') });
    await bench.say(temperatureFrame(70));
    expect(bench.reports.at(-1)).toEqual({ status: 'ok', detail: null });
  });

  it('is faulty while it pauses because it is too hot', async () => {
    const bench = await readingBench();
    await bench.say(refusal(0x22, 0x0504));
    expect(bench.reports.at(-1)).toEqual({ status: 'faulty', detail: expect.stringContaining('too hot') });
  });

  it('is read without its temperature when the firmware cannot send it', async () => {
    const bench = createMercuryBench();
    for (const start of ['2f0000012200000509', '2f000001220000051c', '2f000001220000051e']) bench.refuse.add(start);
    bench.reader.start();
    await bench.clock.advance(200);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.asked.at(-1)).toEqual({ op: 0x2f, data: '00000122000005072210001b00fa0007' });
    expect(bench.status()).toBe('ok');
  });

  it('is restarted after a fault of its firmware', async () => {
    const bench = await readingBench();
    bench.replies.set(0x09, ok(0x09));
    bench.asked.length = 0;
    await bench.say(refusal(0x22, 0x7f01));
    expect(bench.status()).toBe('faulty');
    await bench.clock.advance(1500);
    expect(bench.asked.filter(({ op }) => op === 0x09)).toHaveLength(1);
    await bench.sweep(4000);
    expect(bench.asked.filter(({ op }) => op === 0x09)).toHaveLength(1);
    expect(bench.status()).toBe('ok');
  });

  it('is woken from deep sleep when nobody answered', async () => {
    const bench = createMercuryBench();
    const usual = bench.replies.get(0x03) ?? null;
    bench.replies.set(0x03, null);
    bench.reader.start();
    await bench.clock.advance(1900);
    expect(bench.wakeUpBytes()).toBe(0);
    await bench.clock.advance(5000);
    expect(bench.wakeUpBytes()).toBeGreaterThanOrEqual(115_200 / 50);
    bench.replies.set(0x03, usual);
    await bench.sweep(15_000);
    expect(bench.status()).toBe('ok');
  });
});
