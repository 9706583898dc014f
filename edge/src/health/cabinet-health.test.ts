import { stateMessage } from '@tagtrail/shared/mqtt/messages.js';
import { describe, expect, it } from 'vitest';
import { faultyDevices, newHealth, onlineState, withDoor, withReport } from './cabinet-health.js';

const at = (second: number): string => `2026-01-05T06:00:0${second}.000Z`;

describe('the health of a cabinet', () => {
  it('calls nothing good before it has reported', () => {
    const health = newHealth([2, 1], at(0));
    expect(faultyDevices(health)).toEqual(['uhf', 'badge', 'lock']);
    expect(health.doors).toEqual([
      { door: 1, state: 'unknown' },
      { door: 2, state: 'unknown' },
    ]);
  });

  it('moves `since` with the status and not with the detail', () => {
    const silent = { status: 'silent', detail: 'no answer' } as const;
    const first = withReport(newHealth([1], at(0)), 'uhf', { report: silent, atIso: at(1) });
    const second = withReport(first, 'uhf', { report: { ...silent, detail: 'still none' }, atIso: at(2) });
    expect(second.devices.uhf).toEqual({ status: 'silent', since: at(1), detail: 'still none' });
    const third = withReport(second, 'uhf', { report: { status: 'ok', detail: null }, atIso: at(3) });
    expect(third.devices.uhf).toEqual({ status: 'ok', since: at(3), detail: null });
    expect(faultyDevices(third)).toEqual(['badge', 'lock']);
  });

  it('makes a state message, however long a detail is', () => {
    const report = { status: 'faulty', detail: 'x'.repeat(5000) } as const;
    const health = withDoor(withReport(newHealth([1], at(0)), 'lock', { report, atIso: at(1) }), 1, 'open');
    const state = onlineState(health, {
      ...{ atIso: at(2), pending: { count: 3, oldestAt: at(0) }, rulebookVersion: 7 },
      ...{ session: null, phase: 'open', present: 12 },
    });
    expect(stateMessage.parse(state)).toEqual(state);
    expect(state).toMatchObject({ pending: 3, rulebook: 7, doors: [{ door: 1, state: 'open' }], present: 12 });
  });
});
