import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalBatch } from '../journal/batch-reader.js';
import { newOutbox, next, type OutboxInput, type OutboxState, resendAfterMs, wakeAfterMs } from './outbox.js';

const log = 'ab'.repeat(16);
const chainAt = (seq: number): string => `c${seq}`;
const aBatch = (from: number, to: number): JournalBatch => ({
  ...{ from, to, prev: chainAt(from - 1), chain: chainAt(to), events: [] },
});
const committed = (upTo: number): OutboxInput => ({
  kind: 'committed',
  log,
  upTo,
  chain: chainAt(upTo),
  ours: chainAt(upTo),
});

/** The state after `inputs`, each a second after the one before, and the effects of the last one. */
function run(start: Partial<Parameters<typeof newOutbox>[0]>, ...inputs: readonly OutboxInput[]) {
  let state: OutboxState = newOutbox({ log, first: 1, last: 10, acknowledged: 0, ...start });
  let effects: readonly unknown[] = [];
  inputs.forEach((input, i) => {
    const step = next(state, input, i * 1000);
    state = step.state;
    effects = step.effects;
  });
  return { state, effects };
}

const connected: OutboxInput = { kind: 'connected' };
const sent: readonly OutboxInput[] = [connected, { kind: 'read', from: 1, batch: aBatch(1, 10) }];
const expected = (from: number, reason: (OutboxInput & { kind: 'expected' })['reason']): OutboxInput => ({
  ...{ kind: 'expected', log, from, reason },
});

describe('the outbox', () => {
  it('says hello and asks for what is not acknowledged', () => {
    const { effects } = run({ acknowledged: 4 }, connected);
    expect(effects).toEqual([{ kind: 'hello' }, { kind: 'read', from: 5 }]);
  });

  it('waits for nothing when everything is acknowledged', () => {
    const { state, effects } = run({ acknowledged: 10 }, connected);
    expect(effects).toEqual([{ kind: 'hello' }]);
    expect(wakeAfterMs(state, 0)).toBeUndefined();
  });

  it('sends nothing more while a batch is in flight', () => {
    const { state, effects } = run({}, ...sent, { kind: 'appended', first: 1, last: 99 });
    expect(effects).toEqual([]);
    expect(wakeAfterMs(state, 0)).toBe(6000);
  });

  it('is due when its timer fires, however the instants round', () => {
    const at = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(at, at, (sentAtMs, askedAtMs) => {
        let { state } = run({}, connected);
        state = next(state, { kind: 'read', from: 1, batch: aBatch(1, 10) }, sentAtMs).state;
        const afterMs = wakeAfterMs(state, askedAtMs) ?? Number.NaN;
        expect(Number.isInteger(afterMs)).toBe(true);
        expect(next(state, { kind: 'tick' }, askedAtMs + afterMs).effects).toEqual([{ kind: 'read', from: 1 }]);
      }),
    );
  });

  it('sends the rest of a batch that was committed in part', () => {
    const { state, effects } = run({}, ...sent, committed(4));
    expect(effects).toEqual([
      { kind: 'acknowledge', upTo: 4 },
      { kind: 'read', from: 5 },
    ]);
    expect(state.acknowledged).toBe(4);
  });

  it('believes an answer about sequences of an earlier run when its chain is right', () => {
    const { state } = run({}, connected, committed(7));
    expect(state).toMatchObject({ acknowledged: 7, next: 8, flight: { kind: 'reading', from: 8 } });
  });

  it('drops what the journal read for a window that has moved', () => {
    const late: OutboxInput = { kind: 'read', from: 1, batch: aBatch(1, 10) };
    expect(run({}, connected, committed(7), late).effects).toEqual([]);
  });

  it.each(['gap', 'restored'] as const)('goes back at once on %s, below what is acknowledged too', (reason) => {
    const { state, effects } = run({ acknowledged: 10, last: 12 }, connected, expected(3, reason));
    expect(effects).toEqual([{ kind: 'read', from: 3 }]);
    expect(state.acknowledged).toBe(10);
  });

  it('does not let a cloud that repeats itself make it send faster than a resend', () => {
    const { effects } = run({}, ...sent, expected(1, 'gap'), expected(1, 'gap'));
    expect(effects).toEqual([]);
  });

  it.each(['fork', 'unknown_log', 'bad_chain', 'bad_signature'] as const)(
    'shows %s and tries again later',
    (reason) => {
      const { state, effects } = run({}, ...sent, expected(1, reason));
      expect(effects).toEqual([]);
      expect(state.fault?.reason).toBe(reason);
      const wake = wakeAfterMs(state, 0) ?? 0;
      expect(wake).toBeGreaterThan(2000);
      expect(next(state, { kind: 'tick' }, wake).effects).toEqual([{ kind: 'read', from: 1 }]);
    },
  );

  it('begins anew, after a moment, for a cloud that has lost its whole log', () => {
    const { state } = run({ acknowledged: 10, last: 12 }, connected, expected(1, 'unknown_log'));
    expect(state.fault?.reason).toBe('unknown_log');
    expect(next(state, { kind: 'tick' }, wakeAfterMs(state, 0) ?? 0).effects).toEqual([{ kind: 'read', from: 1 }]);
  });

  it('shows what it cannot give', () => {
    expect(run({ first: 5 }, connected, expected(3, 'restored')).state.fault?.reason).toBe('missing');
    expect(run({}, connected, expected(12, 'gap')).state.fault?.reason).toBe('behind');
    const nothing: OutboxInput = { kind: 'read', from: 1, batch: undefined };
    expect(run({}, connected, nothing).state.fault?.reason).toBe('missing');
  });

  it('waits 5 s for an answer and at most 60 s', () => {
    expect([0, 1, 2, 3, 4, 50].map((attempts) => resendAfterMs(attempts))).toEqual([
      5_000, 10_000, 20_000, 40_000, 60_000, 60_000,
    ]);
  });

  it('never acknowledges what no right answer covered, and always has a way on', () => {
    const input: fc.Arbitrary<OutboxInput> = fc.oneof(
      fc.constantFrom<OutboxInput>(connected, { kind: 'disconnected' }, { kind: 'tick' }),
      fc.record({
        kind: fc.constant('appended' as const),
        first: fc.constant(1),
        last: fc.integer({ min: 0, max: 40 }),
      }),
      fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean(), fc.boolean()).map(([upTo, right, known]): OutboxInput => {
        const answer = { kind: 'committed', log, upTo, chain: right ? chainAt(upTo) : 'forged' } as const;
        return known ? { ...answer, ours: chainAt(upTo) } : answer;
      }),
      fc
        .tuple(fc.integer({ min: 1, max: 50 }), fc.constantFrom('gap', 'restored', 'fork', 'bad_chain'))
        .map(([from, reason]) => expected(from, reason as 'gap')),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
        let state = newOutbox({ log, first: 1, last: 10, acknowledged: 0 });
        let covered = 0;
        let atMs = 0;
        for (const one of inputs) {
          atMs += 500;
          if (one.kind === 'committed' && one.chain === one.ours && one.upTo <= state.last)
            covered = Math.max(covered, one.upTo);
          let step = next(state, one, atMs);
          const read = step.effects.find((effect) => effect.kind === 'read');
          if (read !== undefined) {
            const to = Math.min(step.state.last, read.from + 4);
            step = next(step.state, { kind: 'read', from: read.from, batch: aBatch(read.from, to) }, atMs);
          }
          state = step.state;
          expect(state.acknowledged).toBe(covered);
          expect(state.next).toBeLessThanOrEqual(state.last + 1);
          if (state.connected && state.next <= state.last) expect(wakeAfterMs(state, 0)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
