import { kioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { describe, expect, it } from 'vitest';
import { indexRulebook, noRulebook } from '../rules/rulebook-index.js';
import type { CabinetSession, Phase, SessionState } from '../session/session-state.js';
import { aBook, anEpc, anItem, aPerson, aPersonId, aRulebook, aSessionId } from '../testing/builders.js';
import { type KioskSources, kioskView } from './kiosk-view.js';

const session: CabinetSession = {
  id: aSessionId(1),
  actor: aPersonId(1),
  signed: true,
  certainty: 'observed',
  closed: false,
  startedWallMs: 0,
  startedAtMs: 0,
  taken: 0,
  returned: 0,
  disputed: 0,
};
const unsigned: CabinetSession = { ...session, actor: null, signed: false };
const calm: Phase = { kind: 'idle', watching: null };

function stateOf(phase: Phase, devices: Partial<SessionState['devices']> = {}): SessionState {
  return {
    phase,
    owed: null,
    doors: new Map([[1, { state: 'closed', openedAtMs: null }]]),
    devices: { uhf: 'ok', badge: 'ok', lock: 'ok', ...devices },
    reported: new Set(),
  };
}

const view = (fields: Partial<KioskSources> = {}) =>
  kioskState.parse(
    kioskView({
      cabinet: 'Cabinet A',
      site: 'Hangar 1',
      language: 'en',
      nowMs: Date.UTC(2026, 0, 5, 6),
      state: stateOf(calm),
      book: aBook({ inside: [anEpc(1)] }),
      rules: indexRulebook(aRulebook({ people: [aPerson(1, { language: 'fr' }), aPerson(2)] })),
      uplink: { offlineSince: null, pending: 0 },
      firesAtMs: () => Date.UTC(2026, 0, 5, 6, 0, 10),
      ...fields,
    }),
  );

describe('kioskView', () => {
  it.each<[string, Phase, string]>([
    ['nobody there', calm, 'idle'],
    ['a session being written', { kind: 'authorising', session }, 'unlocked'],
    ['an unlocked door', { kind: 'unlocked', session, awaiting: [], done: [1] }, 'unlocked'],
    ['an open door', { kind: 'open', session, leftOpenAfterMs: 1 }, 'open'],
    ['a count', { kind: 'counting', session, trigger: 'session', rounds: 2, seen: 7 }, 'reading'],
    ['lines being written', { kind: 'recording', session, lines: [] }, 'reading'],
    ['a receipt', { kind: 'receipt', session, lines: [] }, 'receipt'],
    ['a return that may be made', { kind: 'return_offer', session }, 'return_offer'],
    ['a lock that did not answer', { kind: 'failed', why: 'lock', session }, 'out_of_order'],
  ])('shows %s', (_, phase, expected) => {
    expect(view({ state: stateOf(phase) }).phase).toBe(expected);
  });

  it('reads as long as an inventory is owed, and is out of order when it came to nothing', () => {
    const owing = (waiting: boolean) => ({
      ...stateOf(calm),
      owed: { trigger: 'start' as const, session: null, waiting },
    });
    expect(view({ state: owing(false) }).phase).toBe('reading');
    expect(view({ state: owing(true) }).phase).toBe('out_of_order');
  });

  it('asks who may only bring back what they bring, and says why', () => {
    const phase: Phase = { kind: 'return_offer', session: { ...session, returnOnly: 'reader_out_of_order' } };
    const held = {
      standing: 'out',
      confidencePct: 100,
      takenBy: aPersonId(1),
      since: '2026-01-05T05:00:00.000Z',
    } as const;
    const book = { counted: true, items: new Map([[anEpc(3), { ...held, session: null }]]) };
    expect(view({ state: stateOf(phase, { uhf: 'silent' }), book })).toMatchObject({
      person: { displayName: 'Person 1' },
      desk: { returnOnly: { why: 'reader_out_of_order', items: [{ epc: anEpc(3) }] } },
    });
  });

  it('says which device is gone', () => {
    expect(view({ state: stateOf(calm, { badge: 'silent', uhf: 'starting' }) })).toMatchObject({
      phase: 'out_of_order',
      faults: [{ device: 'badge', status: 'silent' }],
    });
  });

  it('speaks the language of the person, and names them', () => {
    expect(view()).toMatchObject({ language: 'en', person: null });
    const shown = view({ state: stateOf({ kind: 'open', session, leftOpenAfterMs: 1 }) });
    expect(shown).toMatchObject({ language: 'fr', person: { displayName: 'Person 1' } });
  });

  it('says that a door has been left open, once that has been recorded', () => {
    const open = { kind: 'open', session, leftOpenAfterMs: 1 } as const;
    expect(view({ state: stateOf(open) }).doorLeftOpen).toBeUndefined();
    expect(view({ state: stateOf({ ...open, leftOpen: true }) }).doorLeftOpen).toBe(true);
  });

  it('names nobody for an unsigned opening', () => {
    expect(view({ state: stateOf({ kind: 'open', session: unsigned, leftOpenAfterMs: 1 }) }).person).toBeNull();
  });

  it('counts while it reads and says when a receipt goes', () => {
    const counting: Phase = { kind: 'counting', session, trigger: 'session', rounds: 2, seen: 7 };
    expect(view({ state: stateOf(counting) })).toMatchObject({ reading: { rounds: 2, seen: 7 }, leavesAt: null });
    const receipt: Phase = { kind: 'receipt', session, lines: [] };
    expect(view({ state: stateOf(receipt) }).leavesAt).toBe('2026-01-05T06:00:10.000Z');
  });

  it('lists what the person took here and what the cloud knows from elsewhere', () => {
    const since = '2026-01-01T08:00:00.000Z';
    const items = [
      anItem(1, { heldBy: { person: aPersonId(1), name: null, since } }),
      anItem(2, { heldBy: { person: aPersonId(1), name: null, since } }),
      anItem(3),
      anItem(4, { heldBy: { person: aPersonId(2), name: null, since } }),
    ];
    const taken = { takenBy: aPersonId(1), since: '2026-01-05T05:00:00.000Z' };
    const book = aBook({ inside: [anEpc(1)], out: [anEpc(3)] });
    const third = book.items.get(anEpc(3));
    const mine =
      third === undefined ? book : { ...book, items: new Map(book.items).set(anEpc(3), { ...third, ...taken }) };
    const state = stateOf({ kind: 'receipt', session, lines: [] });
    expect(view({ state, book: mine, rules: indexRulebook(aRulebook({ items })) }).holding).toEqual([
      { epc: anEpc(2), name: 'Tool 2', since },
      { epc: anEpc(3), name: 'Tool 3', since: taken.since },
    ]);
  });

  it('names missing items, the connection and the age of the rules', () => {
    const uplink = { offlineSince: '2026-01-05T05:00:00.000Z', pending: 14 };
    expect(view({ book: aBook({ missing: [anEpc(2)] }), uplink })).toMatchObject({
      missing: ['Tool 2'],
      ...uplink,
      rulebookIssuedAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it('says that it has no rules yet', () => {
    expect(view({ rules: noRulebook })).toMatchObject({ phase: 'refused', refusal: 'rulebook_missing' });
  });
});
