import { describe, expect, it } from 'vitest';
import { takeReasonText } from '../events/take-reason-text.js';
import type { PersonId } from '../ids.js';
import { mayCheckOut, type TakeQuestion } from './may-check-out.js';
import { mayOpen } from './may-open.js';
import { type Grant, type Rulebook, rulebook } from './rulebook.js';

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
  const decide = (item: object, change: { person?: object; question?: Partial<TakeQuestion> } = {}) => {
    const book = aRulebook({ item, person: change.person ?? {} });
    const [who] = book.people;
    const [what] = book.items;
    return who && what ? mayCheckOut({ person: who, item: what, atMs: now, ...change.question }) : undefined;
  };
  const allow = { effect: 'allow', to: { group: 'line-a' }, assets: null, validUntil: null, note: null } as const;
  const asset = aRulebook().items[0]?.asset ?? null;

  it('allows what nothing forbids', () => {
    expect(decide({})).toEqual({ allowed: true });
    expect(decide({ groups: ['line-a', 'line-b'] })).toEqual({ allowed: true });
    expect(decide({ calibrationDueAt: '2026-01-05T06:00:00.001Z' })).toEqual({ allowed: true });
    expect(decide({ licences: ['torque'] }, { person: { licences: [{ name: 'torque', validUntil: null }] } })).toEqual({
      allowed: true,
    });
    expect(decide({ twoPerson: true }, { question: { witnessed: true } })).toEqual({ allowed: true });
  });

  it.each([
    ['in quarantine', { status: 'quarantine' }, {}, 'quarantine', null],
    ['retired', { status: 'retired' }, {}, 'retired', null],
    ['out of calibration', { calibrationDueAt: '2026-01-05T06:00:00.000Z' }, {}, 'calibration_overdue', null],
    ['for others', { groups: ['borescope'] }, {}, 'not_in_group', 'borescope'],
    ['for the licensed', { licences: ['torque'] }, {}, 'licence_missing', 'torque'],
    ['for two', { twoPerson: true }, {}, 'witness_missing', null],
  ])('forbids an item that is %s and says why', (_what, item, change, reason, reasonName) => {
    expect(decide(item, change)).toMatchObject({ allowed: false, refusal: { reason, reasonName } });
  });

  it('names the licence and the day on which it ended', () => {
    const validUntil = '2025-05-03T00:00:00.000Z';
    const verdict = decide({ licences: ['torque'] }, { person: { licences: [{ name: 'torque', validUntil }] } });
    expect(verdict).toEqual({
      allowed: false,
      refusal: { reason: 'licence_expired', reasonName: 'torque', reasonSince: validUntil },
    });
    const refusal = verdict?.allowed === false ? verdict.refusal : undefined;
    expect(refusal && takeReasonText(refusal, 'en')).toBe('torque licence expired 3 May 2025');
    expect(refusal && takeReasonText(refusal, 'fr')).toBe('habilitation torque expirée le 3 mai 2025');
  });

  it('keeps a reported item back until it was inspected after the report', () => {
    const reportedAt = '2026-01-04T00:00:00.000Z';
    const question = { reportedAt };
    expect(decide({}, { question })).toMatchObject({ allowed: false, refusal: { reason: 'reported' } });
    expect(decide({ inspectedAt: reportedAt }, { question })).toMatchObject({ allowed: false });
    expect(decide({ inspectedAt: '2026-01-04T00:00:00.001Z' }, { question })).toEqual({ allowed: true });
  });

  it('lets a grant to a person outweigh the groups, and a denial outweigh everything', () => {
    const own: Grant = { ...allow, to: { person } };
    const deny: Grant = { ...own, effect: 'deny', note: 'until the course' };
    expect(decide({ groups: ['borescope'] }, { question: { grants: [own] } })).toEqual({ allowed: true });
    expect(decide({}, { question: { grants: [own, deny] } })).toEqual({
      allowed: false,
      refusal: { reason: 'denied', reasonName: 'until the course', reasonSince: null },
    });
  });

  it('keeps an item that is granted to somebody for those alone', () => {
    const other: Grant = { ...allow, to: { group: 'borescope' }, assets: asset === null ? [] : [asset] };
    expect(decide({}, { question: { grants: [other] } })).toMatchObject({ refusal: { reason: 'not_granted' } });
    expect(decide({}, { question: { grants: [{ ...other, assets: null }] } })).toEqual({ allowed: true });
  });

  it('opens a window by the clock of the place, also over midnight', () => {
    // 06:00 UTC on Monday 5 January 2026 is 07:00 in Paris.
    const windows = (from: string, to: string, days = [1]) => ({
      grants: [{ ...allow, windows: [{ days, from, to }] }],
    });
    const paris = 'Europe/Paris';
    expect(decide({}, { question: { ...windows('07:00', '15:00'), timeZone: paris } })).toEqual({ allowed: true });
    expect(decide({}, { question: windows('07:00', '15:00') })).toMatchObject({
      refusal: { reason: 'outside_window', reasonName: '07:00-15:00' },
    });
    expect(decide({}, { question: windows('22:00', '06:01', [7]) })).toEqual({ allowed: true });
    expect(decide({}, { question: windows('22:00', '06:01', [1]) })).toMatchObject({ allowed: false });
    expect(decide({}, { question: { ...windows('07:00', '15:00'), timeZone: 'Nowhere/At_all' } })).toMatchObject({
      allowed: false,
    });
  });
});
