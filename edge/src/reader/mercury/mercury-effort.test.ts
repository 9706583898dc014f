import { describe, expect, it } from 'vitest';
import { parseEdgeConfig } from '../../config.js';
import type { MercuryConfig } from '../../device-config.js';
import { readingBench } from '../../testing/mercury-bench.js';
import { thoroughConfig } from './mercury-effort.js';
import { streamFrames } from './mercury-replies.vectors.js';

function settings(more: string): MercuryConfig {
  const text = `
credentials: c.json
data: data
devices:
  uhf: { path: /dev/a, ${more} }
  badge: { path: /dev/b }
  lock: { path: /dev/c }
`;
  return parseEdgeConfig(text).devices.uhf as MercuryConfig;
}

describe('thoroughConfig', () => {
  it.each([
    ['within the region', 'readPowerDbm: 20', 23],
    ['up to what the region allows', 'readPowerDbm: 27', 29],
    ['up to what the settings allow', 'readPowerDbm: 27, mostPowerDbm: 28', 28],
    ['never below what is usual', 'readPowerDbm: 30, mostPowerDbm: 25', 30],
    ['not at all where no region is known', 'readPowerDbm: 20, region: open', 20],
  ])('raises the power %s', (_, more, dbm) => {
    expect(thoroughConfig(settings(more))).toMatchObject({ readPowerDbm: dbm, searchMs: 500 });
  });

  it('doubles the time of each port and raises each power', () => {
    const ports = '[{ antenna: 1, readPowerDbm: 15, dwellMs: 100 }, { antenna: 2, dwellMs: 50 }]';
    expect(thoroughConfig(settings(`readPowerDbm: 20, ports: ${ports}`)).ports).toEqual([
      { antenna: 1, readPowerDbm: 18, dwellMs: 200 },
      { antenna: 2, dwellMs: 100 },
    ]);
  });
});

describe('the effort of a Mercury reader', () => {
  it('is raised and falls back without losing the reading', async () => {
    const bench = await readingBench({ settings: { readPowerDbm: 20 } });
    bench.asked.length = 0;
    const raised = bench.reader.setEffort?.('thorough');
    await bench.clock.advance(50);
    expect(await raised).toEqual({ readPowerDbm: 23, raisedDb: 3 });
    expect(bench.asked.map(({ op }) => op)).toEqual([0x2f, 0x62, 0x92, 0x91, 0x2f]);
    expect(bench.asked[2]?.data).toContain((2300).toString(16).padStart(4, '0'));
    expect(bench.asked.at(-1)?.data).toContain((500).toString(16).padStart(4, '0'));
    const before = bench.rounds();
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.rounds()).toBe(before + 1);
    bench.asked.length = 0;
    const usual = bench.reader.setEffort?.('usual');
    await bench.clock.advance(50);
    expect(await usual).toEqual({ readPowerDbm: 20, raisedDb: 0 });
    expect(bench.asked.at(-1)?.data).toContain((250).toString(16).padStart(4, '0'));
    expect(bench.status()).toBe('ok');
  });

  it('asks nothing of a reader that reads that hard already, or is not there', async () => {
    const bench = await readingBench({ settings: { readPowerDbm: 20 } });
    bench.asked.length = 0;
    expect(await bench.reader.setEffort?.('usual')).toEqual({ readPowerDbm: 20, raisedDb: 0 });
    expect(bench.asked).toEqual([]);
    bench.unplug();
    await bench.clock.advance(100);
    expect(await bench.reader.setEffort?.('thorough')).toBeNull();
  });

  it('is set up from the start when the module refuses', async () => {
    const bench = await readingBench({ settings: { readPowerDbm: 20 } });
    bench.refuse.add('92');
    const raised = bench.reader.setEffort?.('thorough');
    await bench.clock.advance(50);
    expect(await raised).toBeNull();
    bench.refuse.clear();
    await bench.clock.advance(2000);
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.status()).toBe('ok');
    expect(bench.asked.findLast(({ op }) => op === 0x92)?.data).toContain((2000).toString(16).padStart(4, '0'));
  });
});
