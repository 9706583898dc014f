import { describe, expect, it } from 'vitest';
import { cabinetLink, completeUntilMs, hasReported, type Reported } from './cabinet-link.js';

const at = Date.UTC(2026, 0, 5);
const heard = (change: Partial<Reported> = {}): Reported => ({
  online: true,
  lastSeenAtMs: at,
  pending: 0,
  oldestPendingAtMs: null,
  ...change,
});

describe('cabinetLink', () => {
  it.each<[string, Partial<Reported>, string]>([
    ['was heard just now', {}, 'online'],
    ['was heard 25 s ago', { lastSeenAtMs: at - 25_000 }, 'online'],
    ['was heard longer ago', { lastSeenAtMs: at - 25_001 }, 'stale'],
    ['said that it goes', { online: false }, 'offline'],
    ['went long ago', { online: false, lastSeenAtMs: 0 }, 'offline'],
    ['has never been heard', { online: false, lastSeenAtMs: null }, 'never'],
  ])('of a cabinet that %s', (_name, change, link) => {
    expect(cabinetLink(heard(change), at)).toBe(link);
  });
});

describe('hasReported', () => {
  it('is false as soon as something waits in the cabinet', () => {
    expect(hasReported(heard(), at)).toBe(true);
    expect(hasReported(heard({ pending: 1, oldestPendingAtMs: at - 9 }), at)).toBe(false);
    expect(hasReported(heard({ lastSeenAtMs: at - 26_000 }), at)).toBe(false);
  });
});

describe('completeUntilMs', () => {
  it.each<[string, Partial<Reported>, number | null]>([
    ['all has arrived', {}, at],
    ['something waits', { pending: 3, oldestPendingAtMs: at - 900 }, at - 900],
    ['it is silent', { lastSeenAtMs: at - 60_000 }, at - 60_000],
    ['it is gone and something waited', { online: false, pending: 3, oldestPendingAtMs: at - 900 }, at - 900],
    ['it has never been heard', { lastSeenAtMs: null }, null],
  ])('when %s', (_name, change, until) => {
    expect(completeUntilMs(heard(change), at)).toBe(until);
  });
});
