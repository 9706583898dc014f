import { type TraceDraft, type TraceEvent, traceEvent } from '@tagtrail/shared/events/trace-event.js';
import { describe, expect, it } from 'vitest';
import { badgeHash, indexRulebook } from '../rules/rulebook-index.js';
import {
  aBadgeNumber,
  aBook,
  anEpc,
  aPerson,
  aPersonId,
  aRulebook,
  aSessionId,
  aSnapshot,
  sessionSettings,
} from '../testing/builders.js';
import { applyToBook, missingOf } from './book.js';
import { emptyDeskMemory } from './desk-memory.js';
import { holdingOf } from './holding.js';
import { nothingToRecover, recoverFrom } from './recovery.js';
import { nextSession } from './session-machine.js';
import {
  type SessionEffect,
  type SessionInput,
  type SessionState,
  type Surroundings,
  startingState,
} from './session-state.js';

const past = '2020-01-01T00:00:00.000Z';
const people = [1, 2, 3].map((number) => aPerson(number));
const rules = indexRulebook(aRulebook({ people }));
const taken = { confidencePct: 100, takenBy: aPersonId(1), since: '2026-01-05T05:00:00.000Z', session: null } as const;

/** Tools 1 and 2 are inside, person 1 has tool 3. */
function atCabinet(fields: Partial<Surroundings> = {}) {
  const inside = aBook({ inside: [anEpc(1), anEpc(2)] });
  const book = { ...inside, items: new Map(inside.items).set(anEpc(3), { ...taken, standing: 'out' as const }) };
  const around: Surroundings = {
    ...{ atMs: 1000, wallMs: Date.UTC(2026, 0, 5, 6), book, memory: emptyDeskMemory, rules },
    ...sessionSettings,
    ...fields,
  };
  return createPlay(around);
}

/** Plays inputs and keeps the book as the cabinet does: by its own events, once they are on the disk. */
function createPlay(begin: Surroundings) {
  let around = begin;
  let state: SessionState = startingState([1], null);
  const drafts: TraceDraft[] = [];
  const effects: SessionEffect[] = [];
  const play = (...inputs: readonly SessionInput[]) => {
    for (const input of inputs) {
      const step = nextSession(state, input, around);
      state = step.state;
      effects.push(...step.effects);
      for (const effect of step.effects) {
        if (effect.kind !== 'record') continue;
        for (const draft of effect.drafts) {
          drafts.push(draft);
          around = { ...around, book: applyToBook(around.book, eventOf(draft, drafts.length)) };
        }
      }
    }
    return { state, drafts: drafts.splice(0), unlocks: effects.filter(({ kind }) => kind === 'unlock').length };
  };
  play(uhf('ok'), { kind: 'device', device: 'lock', status: 'ok' }, door('closed'));
  play(counted([anEpc(1), anEpc(2)]), recorded('lines'));
  return { play, book: () => around.book };
}

function eventOf(draft: TraceDraft, seq: number): TraceEvent {
  return traceEvent.parse({ ...draft, seq, at: '2026-01-05T06:00:00.000Z', mono: seq, boot: '0011223344556677' });
}

const uhf = (status: 'ok' | 'faulty' | 'silent'): SessionInput => ({ kind: 'device', device: 'uhf', status });
const door = (state: 'open' | 'closed'): SessionInput => ({
  kind: 'door',
  door: 1,
  state,
  freshSession: aSessionId(99),
});
const badge = (number: number, session = number): SessionInput => ({
  kind: 'badge',
  badgeHash: badgeHash('0'.repeat(64), aBadgeNumber(number)),
  freshSession: aSessionId(session),
});
const bringBack = (...epcs: readonly string[]): SessionInput => ({
  kind: 'desk',
  action: { name: 'return_only', epcs: [...epcs] },
});
const recorded = (what: 'opened' | 'lines'): SessionInput => ({ kind: 'recorded', what });
const timer = (name: 'settle_delay' | 'receipt' | 'return_offer'): SessionInput => ({ kind: 'timer', timer: name });
const counted = (present: readonly string[], absent: readonly string[] = []): SessionInput => ({
  kind: 'snapshot',
  snapshot: aSnapshot({ present, absent }),
});
const visit = (number: number, ...epcs: readonly string[]) => [
  badge(number),
  bringBack(...epcs),
  recorded('opened'),
  door('open'),
  door('closed'),
  timer('settle_delay'),
  recorded('lines'),
];

describe('a return while the disk takes nothing', () => {
  const lost: SessionInput = { kind: 'record_failed', what: 'opened' };

  it('is offered in place of the session that could not be made durable, and opens once it is remembered', () => {
    const { play } = atCabinet();
    const offered = play(badge(1), lost);
    expect(offered).toMatchObject({
      state: { phase: { kind: 'return_offer', session: { returnOnly: 'disk_out_of_order' } } },
      unlocks: 0,
    });
    const said = play(bringBack());
    expect(said.drafts).toMatchObject([{ kind: 'session.opened', data: { returnOnly: 'disk_out_of_order' } }]);
    expect(said.unlocks).toBe(0);
    expect(play(recorded('opened')).unlocks).toBe(1);
  });

  it('opens nothing when not even that is remembered', () => {
    const { play } = atCabinet();
    const { state, unlocks } = play(badge(1), lost, bringBack(), lost);
    expect(state.phase).toEqual({ kind: 'failed', why: 'journal' });
    expect(unlocks).toBe(0);
  });

  it('calls what leaves all the same forbidden, by name', () => {
    const { play } = atCabinet();
    play(badge(1), lost, bringBack(), recorded('opened'), door('open'), door('closed'), timer('settle_delay'));
    expect(play(counted([anEpc(1), anEpc(3)], [anEpc(2)])).drafts).toMatchObject([
      { kind: 'asset.checked_out', actor: aPersonId(1), data: { epc: anEpc(2), authority: 'forbidden' } },
      { kind: 'take.forbidden', data: { reason: 'disk_out_of_order' } },
      { kind: 'asset.returned', actor: aPersonId(1), data: { epc: anEpc(3), disputed: false } },
      { kind: 'inventory.settled' },
      { kind: 'session.closed' },
    ]);
  });
});

describe('a return while the reader is out of order', () => {
  it('opens nothing before the person has said that they only bring back', () => {
    const { play } = atCabinet();
    const offered = play(uhf('faulty'), badge(1));
    expect(offered.state.phase).toMatchObject({ kind: 'return_offer', session: { returnOnly: 'reader_out_of_order' } });
    expect(offered.drafts).toMatchObject([{ kind: 'badge.accepted', actor: aPersonId(1) }]);
    expect(play(timer('return_offer'))).toMatchObject({ state: { phase: { kind: 'idle' } }, drafts: [], unlocks: 0 });
  });

  it('opens once that is on the disk, and says on the trail what it was opened for', () => {
    const { play } = atCabinet();
    const said = play(uhf('faulty'), badge(1), bringBack(anEpc(3)));
    expect(said.unlocks).toBe(0);
    expect(said.drafts.at(-1)).toMatchObject({
      kind: 'session.opened',
      actor: aPersonId(1),
      data: { signed: true, returnOnly: 'reader_out_of_order' },
    });
    expect(play(recorded('opened')).unlocks).toBe(1);
  });

  it('writes what was said as disputed, takes it off the list, and shows the receipt at once', () => {
    const { play, book } = atCabinet();
    const { state, drafts } = play(uhf('faulty'), ...visit(1, anEpc(3)));
    expect(drafts.slice(-2)).toMatchObject([
      {
        kind: 'asset.returned',
        actor: aPersonId(1),
        data: { epc: anEpc(3), disputed: true, certainty: 'declared', confidencePct: 0, takenBy: aPersonId(1) },
      },
      { kind: 'session.closed', data: { outcome: 'unsettled', returned: 1, disputed: 1 } },
    ]);
    expect(state.phase).toMatchObject({ kind: 'receipt', uncounted: true, lines: [{ epc: anEpc(3), disputed: true }] });
    expect(holdingOf({ book: book(), rules }, aPerson(1))).toEqual([]);
    expect(missingOf(book())).toEqual([]);
  });

  it('counts when the reader is back: what is seen is returned for sure, by who said so', () => {
    const { play, book } = atCabinet();
    play(uhf('faulty'), ...visit(2, anEpc(3)), timer('receipt'));
    const back = play(uhf('ok'), counted([1, 2, 3].map(anEpc)), recorded('lines'));
    expect(back.drafts).toMatchObject([
      {
        kind: 'asset.returned',
        actor: aPersonId(2),
        session: aSessionId(2),
        data: { epc: anEpc(3), disputed: false, certainty: 'window', takenBy: aPersonId(1) },
      },
      { kind: 'inventory.settled', data: { missing: [] } },
    ]);
    expect(back.state).toMatchObject({ phase: { kind: 'idle' }, owed: null });
    expect(book().items.get(anEpc(3))).toMatchObject({ standing: 'inside' });
  });

  it('leaves what was said and never seen disputed, on nobody’s name, for a person to decide', () => {
    const { play, book } = atCabinet();
    play(uhf('faulty'), ...visit(1, anEpc(3)), timer('receipt'));
    const { drafts } = play(uhf('ok'), counted([anEpc(1), anEpc(2)]), recorded('lines'));
    expect(drafts).toMatchObject([
      { kind: 'dispute.settled', actor: aPersonId(1), data: { movement: 'returned', outcome: 'stays_disputed' } },
      { kind: 'inventory.settled', data: { missing: [anEpc(3)] } },
    ]);
    expect(holdingOf({ book: book(), rules }, aPerson(1))).toEqual([]);
    expect(missingOf(book())).toEqual([anEpc(3)]);
    expect(play({ kind: 'timer', timer: 'watch' }, counted([anEpc(1), anEpc(2)])).drafts).toEqual([]);
  });

  it('forbids a take by name: the reader was out of order', () => {
    const { play } = atCabinet();
    play(uhf('faulty'), ...visit(1, anEpc(3)), timer('receipt'));
    const { drafts } = play(uhf('ok'), counted([anEpc(2), anEpc(3)], [anEpc(1)]), recorded('lines'));
    const reason = 'reader_out_of_order';
    expect(drafts).toMatchObject([
      { kind: 'asset.checked_out', actor: aPersonId(1), data: { certainty: 'window', authority: 'forbidden', reason } },
      { kind: 'take.forbidden', actor: aPersonId(1), data: { epc: anEpc(1), reason } },
      { kind: 'asset.returned' },
      { kind: 'inventory.settled' },
    ]);
  });

  it('blames nobody when two were there before the reader was back, and credits each with what they said', () => {
    const { play } = atCabinet();
    play(uhf('faulty'), ...visit(1, anEpc(3)), ...visit(2), timer('receipt'));
    const { drafts } = play(uhf('ok'), counted([anEpc(2), anEpc(3)], [anEpc(1)]), recorded('lines'));
    expect(drafts.map(({ kind }) => kind)).toEqual(['asset.returned', 'inventory.settled']);
    expect(drafts).toMatchObject([{ actor: aPersonId(1) }, { data: { missing: [anEpc(1)] } }]);
  });

  it('blames nobody when the door was forced before the reader was back', () => {
    const { play } = atCabinet();
    const forced = [door('open'), door('closed'), timer('settle_delay')];
    play(uhf('faulty'), ...visit(1), ...forced);
    const { state, drafts } = play(uhf('ok'), counted([anEpc(2), anEpc(3)], [anEpc(1)]), recorded('lines'));
    expect(drafts.map(({ kind }) => kind)).toEqual(['asset.returned', 'inventory.settled', 'session.closed']);
    expect(drafts).toMatchObject([{ data: { certainty: 'window' } }, { data: { missing: [anEpc(1)] } }, {}]);
    expect(drafts.some((draft) => 'actor' in draft)).toBe(false);
    expect(state.owed).toBeNull();
  });

  it('counts at once when the reader is back while the door stands open', () => {
    const { play } = atCabinet();
    const opened = [badge(1), bringBack(anEpc(3)), recorded('opened'), door('open'), uhf('ok'), door('closed')];
    play(uhf('silent'), ...opened, timer('settle_delay'));
    const { state, drafts } = play(counted([1, 2, 3].map(anEpc)), recorded('lines'));
    expect(drafts).toMatchObject([
      { kind: 'asset.returned', data: { disputed: false, certainty: 'window' } },
      { kind: 'inventory.settled' },
      { kind: 'session.closed', data: { returned: 1, disputed: 0 } },
    ]);
    expect(state.phase).toMatchObject({ kind: 'receipt', lines: [{ epc: anEpc(3), disputed: false }] });
  });

  it('asks nobody any more when the reader is back', () => {
    const { play } = atCabinet();
    expect(play(uhf('faulty'), badge(1), uhf('ok')).state.phase.kind).toBe('idle');
    expect(play(badge(1)).state.phase.kind).toBe('authorising');
  });

  it('still owes the count after a restart, to nobody when two were there', () => {
    const { play } = atCabinet();
    const { drafts } = play(uhf('faulty'), ...visit(1, anEpc(3)), ...visit(2));
    const recovered = drafts
      .map((draft, index) => eventOf(draft, index + 1))
      .reduce(recoverFrom, nothingToRecover).unfinished;
    expect(recovered).toMatchObject({ id: aSessionId(2), closed: true, shared: true, returnOnly: expect.anything() });
  });

  it('still owes the count after a restart, to nobody when the door was forced', () => {
    const { play } = atCabinet();
    const { drafts } = play(uhf('faulty'), ...visit(1), door('open'));
    const events = drafts.map((draft, index) => eventOf(draft, index + 1));
    expect(events.reduce(recoverFrom, nothingToRecover).unfinished).toMatchObject({ signed: false, shared: true });
  });
});

describe('a return with', () => {
  it.each([
    ['an expired badge', aPerson(1, { validUntil: past }), 'badge_expired'],
    ['a suspended person', aPerson(1, { status: 'suspended' }), 'person_suspended'],
  ] as const)('%s is made; a take is forbidden for that reason', (_, person, why) => {
    const book = aRulebook({ people: [person, ...people.slice(1)] });
    const { play } = atCabinet({ rules: indexRulebook(book) });
    const offered = play(badge(1));
    expect(offered.drafts).toMatchObject([{ kind: 'badge.refused', actor: aPersonId(1) }]);
    expect(offered.state.phase).toMatchObject({ kind: 'return_offer', session: { returnOnly: why } });
    play(bringBack(), recorded('opened'), door('open'), door('closed'), timer('settle_delay'));
    const { drafts } = play(counted([anEpc(2), anEpc(3)], [anEpc(1)]), recorded('lines'));
    expect(drafts).toMatchObject([
      { kind: 'asset.checked_out', data: { certainty: 'observed', authority: 'forbidden', reason: why } },
      { kind: 'take.forbidden', data: { reason: why } },
      { kind: 'asset.returned', data: { epc: anEpc(3), disputed: false, certainty: 'observed' } },
      { kind: 'inventory.settled' },
      { kind: 'session.closed' },
    ]);
  });

  it('nobody to stand by is made where two open the cabinet', () => {
    const { play } = atCabinet({ rules: indexRulebook({ ...aRulebook({ people }), twoPersonToOpen: true }) });
    expect(play(badge(1)).state.phase.kind).toBe('witness');
    const { state, drafts } = play(bringBack());
    expect(state.phase.kind).toBe('authorising');
    expect(drafts).toMatchObject([{ kind: 'session.opened', data: { returnOnly: 'witness_missing' } }]);
  });
});
