import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultyDevices, incompleteCabinets, linkAt, placesOf, silentReferences } from './freshness.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const ago = (ms: number): string => new Date(nowMs - ms).toISOString();
const cabinet: CabinetView = {
  id: 'cabinet_1',
  name: 'B2',
  site: { id: 'site_1', name: 'Hangar' },
  link: 'online',
  last_seen_at: ago(3000),
  pending: 0,
  oldest_pending_at: null,
  rulebook_version: 1,
  rulebook_wanted: 1,
  devices: {},
  doors: [],
  phase: 'idle',
  session: null,
  last_session: null,
  counts: { assigned: 10, inside: 8, out: 2, missing: 0, disputed: 0 },
  counted_at: null,
};

describe('linkAt', () => {
  it.each([
    ['online', 0, 'online'],
    ['online', 25_000, 'online'],
    ['online', 25_001, 'stale'],
    ['stale', 0, 'stale'],
    ['offline', 0, 'offline'],
    ['never', 0, 'never'],
  ] as const)('calls a view that said %s and is %i ms old %s', (link, ageMs, expected) => {
    expect(linkAt({ link, last_seen_at: ago(ageMs) }, nowMs)).toBe(expected);
  });

  it('never calls a cabinet online without a readable time', () => {
    expect(linkAt({ link: 'online', last_seen_at: null }, nowMs)).toBe('never');
    expect(linkAt({ link: 'online', last_seen_at: 'yesterday' }, nowMs)).toBe('stale');
  });

  it('never turns anything else into online, however time passes', () => {
    fc.assert(
      fc.property(fc.constantFrom('stale', 'offline', 'never'), fc.integer({ min: -1e9, max: 1e9 }), (link, ageMs) => {
        expect(linkAt({ link, last_seen_at: ago(ageMs) }, nowMs)).not.toBe('online');
      }),
    );
  });
});

describe('incompleteCabinets', () => {
  it('names the silent ones and those that hold lines back', () => {
    const silent = { ...cabinet, id: 'silent', last_seen_at: ago(60_000) };
    const late = { ...cabinet, id: 'late', pending: 3 };
    expect(incompleteCabinets([cabinet, silent, late], nowMs).map(({ id }) => id)).toEqual(['silent', 'late']);
  });
});

describe('silentReferences', () => {
  it('adds what has aged on this clock, drops what has come back, keeps what it does not know', () => {
    const aged = { ...cabinet, id: 'aged', name: 'A1', last_seen_at: ago(60_000) };
    const said = [
      { id: cabinet.id, name: 'B2' },
      { id: 'elsewhere', name: 'Z9' },
    ];
    expect(silentReferences(said, [cabinet, aged], nowMs).map(({ id }) => id)).toEqual(['elsewhere', 'aged']);
  });
});

describe('faultyDevices', () => {
  it('leaves out what works and what is starting', () => {
    const health = (status: 'ok' | 'starting' | 'unplugged') => ({ status, since: ago(0), detail: null });
    const devices = { uhf: health('unplugged'), badge: health('ok'), lock: health('starting') };
    expect(faultyDevices({ ...cabinet, devices })).toEqual(['uhf']);
  });
});

describe('placesOf', () => {
  it('never draws fewer places than are assigned nor a negative number', () => {
    const counts = fc.record({
      assigned: fc.nat(50),
      inside: fc.nat(50),
      out: fc.nat(50),
      missing: fc.nat(9),
      disputed: fc.nat(9),
    });
    fc.assert(
      fc.property(counts, (given) => {
        const { filled, disputed, missing, empty } = placesOf(given);
        expect(empty).toBeGreaterThanOrEqual(0);
        expect(filled + disputed + missing + empty).toBeGreaterThanOrEqual(given.assigned);
      }),
    );
  });
});
