import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { describe, expect, it } from 'vitest';
import { addConclusions } from './conclusions.js';

const idle: KioskState = {
  ...{ cabinet: 'B1', site: 'Toulouse', language: 'en', now: '2026-11-22T06:00:00.000Z', phase: 'idle', person: null },
  ...{ refusal: null, lines: [], holding: [], reading: null, missing: [], leavesAt: null, offlineSince: null },
  ...{ pending: 0, rulebookIssuedAt: null, faults: [] },
};
const ana = { displayName: 'Ana' };
const line: KioskState['lines'][number] = {
  ...{ epc: 'E2', name: 'Wrench', movement: 'taken', disputed: false, authority: 'allowed', reason: null },
  takenBy: null,
};

describe('the log of conclusions', () => {
  it('has a line for each phase and for each line of a receipt, once', () => {
    const steps: KioskState[] = [
      { ...idle, phase: 'open', person: ana },
      { ...idle, phase: 'reading', person: ana },
      { ...idle, phase: 'receipt', person: ana, lines: [line] },
      { ...idle, phase: 'receipt', person: ana, lines: [line] },
      { ...idle, phase: 'receipt', person: ana, lines: [line, { ...line, epc: 'E3', disputed: true }] },
    ];
    const { log } = steps.reduce<{ log: ReturnType<typeof addConclusions>; before: KioskState | null }>(
      ({ log, before }, after) => ({ log: addConclusions(log, before, after), before: after }),
      { log: [], before: idle },
    );
    expect(log.map((one) => (one.kind === 'line' ? [one.movement, one.disputed] : one.kind))).toEqual([
      ['taken', true],
      ['taken', false],
      'phase',
      'phase',
    ]);
    expect(new Set(log.map(({ id }) => id)).size).toBe(4);
  });

  it('says when nothing was taken, and stays bounded', () => {
    let log = addConclusions([], idle, { ...idle, phase: 'receipt', person: ana });
    expect(log).toMatchObject([{ kind: 'nothing', person: 'Ana' }]);
    for (let n = 0; n < 100; n++) log = addConclusions(log, idle, { ...idle, phase: 'open' });
    expect(log).toHaveLength(60);
  });
});
