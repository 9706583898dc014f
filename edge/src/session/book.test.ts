import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { describe, expect, it } from 'vitest';
import { anEpc, aPersonId, aSessionId } from '../testing/builders.js';
import { applyToBook, type Book, emptyBook, insideOf, missingOf, perhapsBackOf } from './book.js';
import { nothingToRecover, recoverFrom } from './recovery.js';

const stamp = { seq: 1, at: '2026-01-05T06:00:00.000Z', mono: 0, boot: '0011223344556677' };
const evidence = { reads: 0, rounds: 5, antennas: [], bestRssiDbm: null };
const line = { name: 'Tool', confidencePct: 99, disputed: false, certainty: 'observed' as const, evidence };
const session = aSessionId(1);
const actor = aPersonId(1);

const out = (number: number, by: typeof actor | null = actor): TraceEvent => ({
  ...stamp,
  kind: 'asset.checked_out',
  session,
  ...(by === null ? {} : { actor: by }),
  data: { ...line, epc: anEpc(number), authority: by === null ? 'unsigned' : 'allowed', reason: null },
});
const back = (number: number): TraceEvent => ({
  ...stamp,
  kind: 'asset.returned',
  session,
  actor,
  data: { ...line, epc: anEpc(number), takenBy: null },
});
const settled = (
  trigger: 'start' | 'session' | 'watch',
  lists: { present?: number[]; doubtful?: number[]; missing?: number[] },
): TraceEvent => ({
  ...stamp,
  kind: 'inventory.settled',
  session,
  data: {
    trigger,
    present: (lists.present ?? []).map(anEpc),
    doubtful: (lists.doubtful ?? []).map(anEpc),
    missing: (lists.missing ?? []).map(anEpc),
    ...{ rounds: 5, reads: 20, elapsedMs: 1000 },
  },
});
const opened: TraceEvent = { ...stamp, kind: 'session.opened', session, actor, data: { door: 1, signed: true } };
const ended = (outcome: 'settled' | 'unsettled'): TraceEvent => ({
  ...stamp,
  kind: 'session.closed',
  session,
  actor,
  data: { outcome, taken: 0, returned: 0, disputed: 0, elapsedMs: 1 },
});

const bookOf = (...events: readonly TraceEvent[]): Book => events.reduce(applyToBook, emptyBook);
const standings = (book: Book) =>
  Object.fromEntries([...book.items].map(([epc, item]) => [Number.parseInt(epc.slice(-6), 16), item.standing]));

describe('applyToBook', () => {
  it.each([
    [
      'the first inventory',
      [settled('start', { present: [1, 2], missing: [3] })],
      { 1: 'inside', 2: 'inside', 3: 'missing' },
    ],
    ['a check-out', [settled('start', { present: [1] }), out(1)], { 1: 'out' }],
    [
      'a check-out and the inventory after it',
      [settled('start', { present: [1, 2] }), out(1), settled('session', { present: [2] })],
      { 1: 'out', 2: 'inside' },
    ],
    ['a return', [settled('start', { present: [1] }), out(1), back(1)], { 1: 'inside' }],
    [
      'a watch that misses one',
      [settled('start', { present: [1, 2] }), settled('watch', { present: [2], missing: [1] })],
      { 1: 'missing', 2: 'inside' },
    ],
    [
      'a watch that hears what is out',
      [settled('start', { present: [1] }), out(1), settled('watch', { present: [1] })],
      { 1: 'out' },
    ],
    [
      'a watch that hears a stray',
      [settled('start', { present: [1] }), settled('watch', { present: [1, 9] })],
      { 1: 'inside' },
    ],
    [
      'a missing item read again',
      [settled('start', { missing: [1] }), settled('watch', { present: [1] })],
      { 1: 'inside' },
    ],
    [
      'a foreign tag that left',
      [settled('start', { present: [1, 9] }), settled('session', { present: [1] })],
      { 1: 'inside' },
    ],
    ['an item in doubt', [settled('start', { present: [1] }), settled('session', { doubtful: [1] })], { 1: 'inside' }],
  ] as const)('after %s', (_, events, expected) => {
    expect(standings(bookOf(...events))).toEqual(expected);
  });

  it('believes less in what was only glimpsed', () => {
    const book = bookOf(settled('start', { present: [1] }), settled('session', { doubtful: [1] }));
    expect(book.items.get(anEpc(1))?.confidencePct).toBe(50);
  });

  it.each([
    ['nothing was in doubt', [settled('session', {})], false],
    ['a session could not hear whether it came back', [settled('session', { doubtful: [1] })], true],
    ['a watch hears it beside the cabinet', [settled('watch', { doubtful: [1] })], false],
    ['a watch has looked long enough', [settled('session', { doubtful: [1] }), settled('watch', {})], false],
    ['a watch cannot say either', [settled('session', { doubtful: [1] }), settled('watch', { doubtful: [1] })], true],
    // The door stood open in between: it may have come back and left again, on another name.
    ['a later session does not hear it', [settled('session', { doubtful: [1] }), settled('session', {})], true],
    ['it was brought back after all', [settled('session', { doubtful: [1] }), back(1)], false],
  ] as const)('of what is out, when %s: perhaps it is back, %s', (_, events, expected) => {
    const book = bookOf(settled('start', { present: [1] }), out(1), ...events);
    expect(perhapsBackOf(book)).toEqual(expected ? [anEpc(1)] : []);
  });

  it('knows who took what, and calls missing what nobody signed for', () => {
    const book = bookOf(settled('start', { present: [1, 2, 3] }), out(1), out(2, null));
    expect(book.items.get(anEpc(1))).toMatchObject({ takenBy: actor, since: stamp.at, session });
    expect(missingOf(book)).toEqual([anEpc(2)]);
    expect([...insideOf(book)]).toEqual([anEpc(3)]);
  });
});

describe('recoverFrom', () => {
  it.each([
    ['nothing happened', [], null],
    ['a session ended', [opened, ended('settled')], null],
    ['a session was cut off', [opened], { closed: false, taken: 0, certainty: 'window' }],
    ['it was cut off between lines', [opened, out(1), back(2)], { closed: false, taken: 1, returned: 1 }],
    ['its count came to nothing', [opened, ended('unsettled')], { closed: true, taken: 0 }],
    ['it was counted later', [opened, ended('unsettled'), out(1), settled('session', {})], null],
    ['a count for somebody else settled it', [opened, { ...settled('session', {}), session: aSessionId(2) }], null],
  ] as const)('when %s', (_, events, expected) => {
    const { unfinished } = events.reduce(recoverFrom, nothingToRecover);
    if (expected === null) expect(unfinished).toBeNull();
    else expect(unfinished).toMatchObject({ id: session, actor, ...expected });
  });
});
