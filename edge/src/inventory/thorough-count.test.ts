import { describe, expect, it } from 'vitest';
import type { EffortInForce, ReadEffort } from '../reader/reader.js';
import { aSnapshot, aTagRead } from '../testing/builders.js';
import { createThoroughCount } from './thorough-count.js';

function aCount(can: EffortInForce | null = { readPowerDbm: 29, raisedDb: 2 }) {
  const seen: string[] = [];
  const count = createThoroughCount({
    inventory: {
      begin: (_inside, manner = 'at_ease') => seen.push(`begin ${manner}`),
      cancel: () => seen.push('cancel'),
    },
    setEffort: async (effort: ReadEffort) => {
      seen.push(effort);
      return effort === 'thorough' ? can : null;
    },
  });
  return { count, seen };
}

const settle = (): Promise<void> => Promise.resolve().then(() => {});

describe('a thorough count', () => {
  it('begins when the reader reads harder, says with what power, and falls back', async () => {
    const { count, seen } = aCount();
    count.begin(new Set(), 'thorough');
    expect(seen).toEqual(['thorough']);
    await settle();
    expect(count.asUsual(aTagRead({ rssiDbm: -50 })).rssiDbm).toBe(-52);
    expect(count.settled(aSnapshot({})).readPowerDbm).toBe(29);
    expect(seen).toEqual(['thorough', 'begin thorough', 'usual']);
    expect(count.asUsual(aTagRead({ rssiDbm: -50 })).rssiDbm).toBe(-50);
    count.begin(new Set());
    expect(count.settled(aSnapshot({}))).not.toHaveProperty('readPowerDbm');
    expect(seen).toEqual(['thorough', 'begin thorough', 'usual', 'begin at_ease']);
  });

  it('is made at the usual power where the reader cannot do more', async () => {
    const { count, seen } = aCount(null);
    count.begin(new Set(), 'thorough');
    await settle();
    expect(count.settled(aSnapshot({}))).not.toHaveProperty('readPowerDbm');
    expect(seen).toEqual(['thorough', 'begin thorough', 'usual']);
  });

  it('does not begin any more when it was cut short before the reader was ready', async () => {
    const { count, seen } = aCount();
    count.begin(new Set(), 'thorough');
    count.cancel();
    await settle();
    expect(seen).toEqual(['thorough', 'usual', 'cancel']);
    expect(count.asUsual(aTagRead({ rssiDbm: -50 })).rssiDbm).toBe(-50);
  });
});
