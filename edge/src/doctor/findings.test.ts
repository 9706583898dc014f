import { describe, expect, it } from 'vitest';
import { findingsOf } from './findings.js';

const reads = { perAntenna: { 1: 10 }, tags: 1, ms: 1000 };
const well = { role: 'uhf', driver: 'mercury', report: { status: 'ok', detail: null }, reads } as const;

describe('what the doctor says of a UHF reader', () => {
  it.each([
    [41, true],
    [74, true],
    [75, false],
  ])('at %i degrees', (celsius, ok) => {
    const found = findingsOf('/dev/uhf', { ...well, celsius }).find((one) => one.found.includes('degrees'));
    expect(found).toMatchObject({ ok, found: `The reader is at ${celsius} degrees Celsius.` });
    expect(found?.next === null).toBe(ok);
  });

  it('names each antenna that is not sensed, and what to do', () => {
    const findings = findingsOf('/dev/uhf', { ...well, sensed: { 1: true, 2: false } });
    expect(findings.filter(({ found }) => found.includes('connected') || found.includes('sensed'))).toEqual([
      { about: expect.stringContaining('antenna 1'), ok: true, found: 'Antenna 1 is connected.', next: null },
      {
        about: expect.stringContaining('antenna 2'),
        ...{ ok: false, found: 'Antenna 2 is not sensed.' },
        next: 'Check the cable of antenna 2, unless this kind of antenna cannot be sensed.',
      },
    ]);
  });

  it('has a next step for everything that is not well', () => {
    const bad = findingsOf('/dev/uhf', {
      ...well,
      ...{ celsius: 80, sensed: { 1: false } },
      reads: { perAntenna: { 1: 0 }, tags: 0, ms: 1000 },
    }).filter(({ ok }) => !ok);
    expect(bad).toHaveLength(3);
    expect(bad.every(({ next }) => next !== null)).toBe(true);
  });
});
