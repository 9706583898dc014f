import { describe, expect, it } from 'vitest';
import type { PersonId } from '../ids.js';
import { mayCheckOut } from './may-check-out.js';
import { mayOpen } from './may-open.js';
import { type Rulebook, rulebook } from './rulebook.js';

const now = Date.parse('2026-01-05T06:00:00.000Z');
const hash = 'ab'.repeat(32);
const person = 'person_01h455vb4pex5vsknk084sn02q' as PersonId;

function aRulebook(change: { badge?: object; person?: object; item?: object } = {}): Rulebook {
  return rulebook.parse({
    v: 1,
    version: 3,
    tenant: 'tenant_01h455vb4pex5vsknk084sn02q',
    cabinet: 'cabinet_01h455vb4pex5vsknk084sn02q',
    issuedAt: '2026-01-05T05:00:00.000Z',
    badgeKey: '00'.repeat(32),
    people: [
      {
        person,
        displayName: 'Ana',
        language: 'en',
        status: 'active',
        validUntil: null,
        groups: ['line-a'],
        ...change.person,
      },
    ],
    badges: [{ hash, person, status: 'active', validUntil: null, ...change.badge }],
    items: [
      {
        asset: 'asset_01h455vb4pex5vsknk084sn02q',
        epc: 'E28011700000020A00001EF7',
        name: 'Torque wrench 7',
        model: null,
        home: true,
        status: 'available',
        calibrationDueAt: null,
        groups: [],
        heldBy: null,
        ...change.item,
      },
    ],
  });
}

describe('mayOpen', () => {
  it('lets an active badge of an active person in', () => {
    expect(mayOpen(aRulebook(), hash, now)).toMatchObject({ allowed: true, person: { displayName: 'Ana' } });
  });

  it.each([
    ['no rulebook', undefined, 'rulebook_missing'],
    ['a lost badge', aRulebook({ badge: { status: 'lost' } }), 'lost'],
    ['a revoked badge', aRulebook({ badge: { status: 'revoked' } }), 'revoked'],
    [
      'a badge that ended this very moment',
      aRulebook({ badge: { validUntil: '2026-01-05T06:00:00.000Z' } }),
      'expired',
    ],
    ['a person whose time is over', aRulebook({ person: { validUntil: '2025-12-31T00:00:00.000Z' } }), 'expired'],
    ['a suspended person', aRulebook({ person: { status: 'suspended' } }), 'suspended'],
  ])('refuses with %s', (_what, book, refusal) => {
    expect(mayOpen(book, hash, now)).toMatchObject({ allowed: false, refusal });
  });

  it('refuses an unknown badge without naming anybody', () => {
    expect(mayOpen(aRulebook(), 'cd'.repeat(32), now)).toEqual({ allowed: false, refusal: 'unknown' });
  });
});

describe('mayCheckOut', () => {
  const decide = (item: object, groups = ['line-a']) => {
    const book = aRulebook({ item, person: { groups } });
    const [who] = book.people;
    const [what] = book.items;
    return who && what ? mayCheckOut(who, what, now) : undefined;
  };

  it('allows what nothing forbids', () => {
    expect(decide({})).toEqual({ allowed: true });
    expect(decide({ groups: ['line-a', 'line-b'] })).toEqual({ allowed: true });
    expect(decide({ calibrationDueAt: '2026-01-05T06:00:00.001Z' })).toEqual({ allowed: true });
  });

  it.each([
    ['in quarantine', { status: 'quarantine' }, 'quarantine'],
    ['retired', { status: 'retired' }, 'retired'],
    ['out of calibration', { calibrationDueAt: '2026-01-05T06:00:00.000Z' }, 'calibration_overdue'],
    ['for others', { groups: ['borescope'] }, 'not_in_group'],
  ])('forbids an item that is %s and says why', (_what, item, reason) => {
    expect(decide(item)).toMatchObject({ allowed: false, refusal: { reason } });
  });
});
