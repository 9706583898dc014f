import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { removeAtMs } from './decide-off-boarding.js';
import { cabinetsWaitMs, type Leaving, leavingStep } from './leaving-step.js';

const leaving = fc.record<Leaving>({
  status: fc.constantFrom('waiting', 'agreed', 'closing', 'rejected', 'withdrawn', 'cancelled'),
  removeAtMs: fc.option(fc.nat(1_000)),
  closingAtMs: fc.option(fc.nat(1_000)),
  holds: fc.nat(2),
  letIn: fc.nat(3),
  reached: fc.nat(3),
});

describe('what is due for a customer that leaves', () => {
  const day = 1_000;
  const agreed: Leaving = { status: 'agreed', removeAtMs: day, closingAtMs: null, holds: 0, letIn: 2, reached: 0 };
  const closing: Leaving = { ...agreed, status: 'closing', closingAtMs: day };

  it('begins on its day, waits for the cabinets, cuts them off, and removes', () => {
    expect(leavingStep(agreed, day - 1)).toBe('wait');
    expect(leavingStep(agreed, day)).toBe('close');
    expect(leavingStep({ ...closing, reached: 1 }, day)).toBe('wait');
    expect(leavingStep({ ...closing, reached: 2 }, day)).toBe('cut_off');
    expect(leavingStep({ ...closing, letIn: 0 }, day)).toBe('remove');
  });

  it('waits for a cabinet that is away no longer than its time', () => {
    expect(leavingStep(closing, day + cabinetsWaitMs - 1)).toBe('wait');
    expect(leavingStep(closing, day + cabinetsWaitMs)).toBe('cut_off');
  });

  it('is nothing while a hold stands, before the day, or where nobody agreed', () => {
    fc.assert(
      fc.property(leaving, fc.nat(2_000), (one, atMs) => {
        const step = leavingStep(one, atMs);
        if (one.holds > 0 || !['agreed', 'closing'].includes(one.status)) expect(step).toBe('wait');
        if (one.removeAtMs === null || atMs < one.removeAtMs) expect(step).toBe('wait');
        if (step === 'remove') expect([one.status, one.letIn]).toEqual(['closing', 0]);
      }),
    );
  });

  it('has its day after the last one of the contract and after the notice, whichever is later', () => {
    const at = Date.UTC(2026, 10, 26, 9);
    expect(new Date(removeAtMs('2026-12-31', at, 30)).toISOString()).toBe('2027-01-01T00:00:00.000Z');
    expect(new Date(removeAtMs('2026-11-26', at, 30)).toISOString()).toBe('2026-12-26T09:00:00.000Z');
  });
});
