import { describe, expect, it } from 'vitest';
import { badgeHash, indexRulebook } from '../rules/rulebook-index.js';
import {
  aBadgeNumber,
  aBook,
  anEpc,
  aPersonId,
  aRulebook,
  aSessionId,
  aSnapshot,
  sessionSettings,
} from '../testing/builders.js';
import { applyToBook, type Book, perhapsBackOf } from './book.js';
import { emptyDeskMemory } from './desk-memory.js';
import { nextSession } from './session-machine.js';
import { type SessionEffect, type SessionInput, type SessionState, startingState } from './session-state.js';

const [kept, hidden] = [anEpc(1), anEpc(2)];
const freshSession = aSessionId(1);
const person: SessionInput[] = [
  { kind: 'badge', badgeHash: badgeHash('0'.repeat(64), aBadgeNumber(1)), freshSession },
  { kind: 'recorded', what: 'opened' },
  { kind: 'unlock_done', door: 1, session: freshSession },
  { kind: 'door', door: 1, state: 'open', freshSession },
  { kind: 'door', door: 1, state: 'closed', freshSession },
  { kind: 'timer', timer: 'settle_delay' },
];
const watch: SessionInput = { kind: 'timer', timer: 'watch' };
const counted = (fields: Parameters<typeof aSnapshot>[0]): SessionInput[] => [
  { kind: 'snapshot', snapshot: aSnapshot(fields) },
  { kind: 'recorded', what: 'lines' },
];

/** A cabinet that keeps its own book, as the runner does. */
function aCabinet() {
  let book: Book = aBook({ inside: [kept], out: [hidden] });
  let state: SessionState = startingState([1], null);
  const play = (...inputs: readonly SessionInput[]) => {
    const effects: SessionEffect[] = [];
    for (const input of inputs) {
      const around = { atMs: 1000, wallMs: Date.UTC(2026, 0, 5, 6), memory: emptyDeskMemory, ...sessionSettings };
      const step = nextSession(state, input, { ...around, book, rules: indexRulebook(aRulebook()) });
      state = step.state;
      effects.push(...step.effects);
      for (const effect of step.effects) {
        if (effect.kind !== 'record') continue;
        const stamp = { seq: 1, at: '2026-01-05T06:00:00.000Z', mono: 0, boot: '0011223344556677' };
        for (const draft of effect.drafts) book = applyToBook(book, { ...stamp, ...draft });
      }
    }
    return { effects, drafts: effects.flatMap((effect) => (effect.kind === 'record' ? effect.drafts : [])) };
  };
  for (const device of ['uhf', 'lock', 'badge'] as const) play({ kind: 'device', device, status: 'ok' });
  play({ kind: 'door', door: 1, state: 'closed', freshSession }, ...counted({ present: [kept] }));
  return { play, perhapsBack: () => perhapsBackOf(book) };
}

/** A session in which the tool may have come back: its tag was not heard, and that says little. */
function afterDoubt() {
  const cabinet = aCabinet();
  const { drafts } = cabinet.play(...person, ...counted({ present: [kept], unheard: [hidden] }));
  cabinet.play({ kind: 'sign_out' });
  return { ...cabinet, drafts };
}

describe('a tool behind metal that perhaps came back', () => {
  it('is named in doubt by the session, and has no line', () => {
    const { drafts, perhapsBack } = afterDoubt();
    expect(drafts.find(({ kind }) => kind === 'inventory.settled')?.data).toMatchObject({ doubtful: [hidden] });
    expect(drafts.some(({ kind }) => kind === 'asset.returned')).toBe(false);
    expect(perhapsBack()).toEqual([hidden]);
  });

  it('is a disputed return of whoever is there when it is read', () => {
    const { drafts } = afterDoubt().play(...person, ...counted({ present: [kept, hidden] }));
    expect(drafts.find(({ kind }) => kind === 'asset.returned')).toMatchObject({
      actor: aPersonId(1),
      data: { epc: hidden, disputed: true, confidencePct: 50 },
    });
  });

  it('is a certain return where no count was in doubt before', () => {
    const { drafts } = aCabinet().play(...person, ...counted({ present: [kept, hidden] }));
    expect(drafts.find(({ kind }) => kind === 'asset.returned')?.data).toMatchObject({ disputed: false });
  });

  it('is looked for by the next watch, which may say that it is not there', () => {
    const { play, perhapsBack } = afterDoubt();
    const { effects } = play(watch);
    expect(effects).toMatchObject([{ kind: 'begin_count', perhapsBack: new Set([hidden]) }]);
    const { drafts } = play(...counted({ present: [kept] }));
    expect(drafts).toMatchObject([{ kind: 'inventory.settled', data: { trigger: 'watch', doubtful: [] } }]);
    expect(perhapsBack()).toEqual([]);
    expect(play(watch).effects).not.toMatchObject([{ perhapsBack: expect.anything() }]);
  });

  it('stays in doubt, without a word on the trail, while a watch cannot say either', () => {
    const { play, perhapsBack } = afterDoubt();
    expect(play(watch, ...counted({ present: [kept], unheard: [hidden] })).drafts).toEqual([]);
    expect(perhapsBack()).toEqual([hidden]);
  });

  it('is back on nobody’s name when a watch reads it', () => {
    const { play, perhapsBack } = afterDoubt();
    const { drafts } = play(watch, ...counted({ present: [kept, hidden] }));
    const line = drafts.find(({ kind }) => kind === 'asset.returned');
    expect(line).toMatchObject({ data: { epc: hidden, disputed: true, certainty: 'window', takenBy: aPersonId(9) } });
    expect(line).not.toHaveProperty('actor');
    expect(perhapsBack()).toEqual([]);
    const next = play(...person, ...counted({ present: [kept, hidden] }));
    expect(next.drafts.some(({ kind }) => kind === 'asset.returned')).toBe(false);
  });

  it('stays in doubt through further sessions that do not hear it', () => {
    const { play, perhapsBack } = afterDoubt();
    const { drafts } = play(...person, ...counted({ present: [kept] }));
    expect(drafts.find(({ kind }) => kind === 'inventory.settled')?.data).toMatchObject({ doubtful: [hidden] });
    expect(perhapsBack()).toEqual([hidden]);
  });
});
