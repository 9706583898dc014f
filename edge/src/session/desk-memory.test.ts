import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { describe, expect, it } from 'vitest';
import { anEpc, aPersonId, aSessionId } from '../testing/builders.js';
import {
  type DeskMemory,
  emptyDeskMemory,
  nextWrongLocks,
  pinLockedForMs,
  rememberEvent,
  wholeKeypad,
} from './desk-memory.js';

const start = Date.UTC(2026, 0, 5, 6);
const boots = ['0011223344556677', '8899aabbccddeeff'] as const;

function event(
  draft: TraceDraft,
  when: { readonly ms: number; readonly boot?: string; readonly mono?: number },
): TraceEvent {
  const at = new Date(start + when.ms).toISOString();
  return { ...draft, seq: 1, at, mono: when.mono ?? when.ms, boot: when.boot ?? boots[0] } as TraceEvent;
}

const remember = (events: readonly TraceEvent[], from: DeskMemory = emptyDeskMemory) =>
  events.reduce(rememberEvent, from);
const hash = 'a'.repeat(64);

/** Wrong PINs as the session writes them: the one that locks carries the time. */
function wrong(times: number, from: DeskMemory = emptyDeskMemory, numberOf = (_: number) => hash): DeskMemory {
  let memory = from;
  for (let attempt = 0; attempt < times; attempt++) {
    const numberHash = numberOf(attempt);
    const lock = nextWrongLocks(memory, numberHash) ? { lockedForMs: 60_000 } : {};
    const draft: TraceDraft = { kind: 'pin.refused', data: { numberHash, refusal: 'pin_wrong', ...lock } };
    memory = rememberEvent(memory, event(draft, { ms: 0 }));
  }
  return memory;
}

const now = (ms: number) => ({ atMs: ms, wallMs: start + ms });

describe('wrong PINs', () => {
  it('lock the number with the fifth, not before', () => {
    expect(pinLockedForMs(wrong(4), hash, now(0))).toBe(0);
    expect(pinLockedForMs(wrong(5), hash, now(0))).toBe(60_000);
    expect(pinLockedForMs(wrong(5), 'b'.repeat(64), now(0))).toBe(0);
  });

  it('lock the whole keypad when somebody tries many numbers', () => {
    const many = wrong(20, emptyDeskMemory, (attempt) => String(attempt).padStart(64, '0'));
    expect(pinLockedForMs(many, wholeKeypad, now(0))).toBe(60_000);
    expect(pinLockedForMs(many, hash, now(0))).toBe(60_000);
  });

  it('count anew after the right one, and after a lock is over', () => {
    const right = event({ kind: 'pin.accepted', data: { numberHash: hash } }, { ms: 0 });
    expect(nextWrongLocks(rememberEvent(wrong(4), right), hash)).toBe(false);
    expect(nextWrongLocks(wrong(5), hash)).toBe(false);
    expect(nextWrongLocks(wrong(4, wrong(5)), hash)).toBe(true);
  });

  it('are not made more by what is refused while locked', () => {
    const more = event({ kind: 'pin.refused', data: { numberHash: hash, refusal: 'pin_locked' } }, { ms: 50_000 });
    expect(pinLockedForMs(rememberEvent(wrong(5), more), hash, now(59_999))).toBe(1);
    expect(pinLockedForMs(rememberEvent(wrong(5), more), hash, now(60_000))).toBe(0);
  });

  it('lock by the monotonic clock in one run, whatever the wall clock is set to', () => {
    const locked = wrong(5);
    expect(pinLockedForMs(locked, hash, { atMs: 10_000, wallMs: start + 86_400_000 })).toBe(50_000);
    expect(pinLockedForMs(locked, hash, { atMs: 10_000, wallMs: start - 86_400_000 })).toBe(50_000);
  });

  it('lock after a restart by the wall clock, and never longer than was meant', () => {
    const restarted = event(
      { kind: 'cabinet.started', data: { agentVersion: '1' } },
      { ms: 5000, boot: boots[1], mono: 1 },
    );
    const locked = rememberEvent(wrong(5), restarted);
    expect(pinLockedForMs(locked, hash, { atMs: 1, wallMs: start + 20_000 })).toBe(40_000);
    expect(pinLockedForMs(locked, hash, { atMs: 1, wallMs: start - 86_400_000 })).toBe(60_000);
  });
});

describe('the memory of the desk', () => {
  const named = { epc: anEpc(1), name: 'Tool 1' };

  it('keeps a search until it is closed', () => {
    const begun = event(
      { kind: 'search.started', data: { ...named, lastHolder: aPersonId(1), lastReadAt: null } },
      { ms: 1 },
    );
    const closed = event({ kind: 'search.closed', data: { ...named, outcome: 'found', note: null } }, { ms: 2 });
    expect([...remember([begun]).searches.keys()]).toEqual([anEpc(1)]);
    expect(remember([begun, closed]).searches.size).toBe(0);
  });

  it('knows who had an item last, through a hand-over', () => {
    const handed: TraceDraft = {
      kind: 'custody.handed_over',
      actor: aPersonId(2),
      data: { ...named, from: aPersonId(1) },
    };
    expect(remember([event(handed, { ms: 1 })]).last.get(anEpc(1))).toEqual({ readAt: null, holder: aPersonId(2) });
  });

  it('keeps the newest sessions only', () => {
    const opened = Array.from({ length: 510 }, (_, number) =>
      event(
        { kind: 'session.opened', session: aSessionId(number), actor: aPersonId(1), data: { door: 1, signed: true } },
        { ms: number },
      ),
    );
    const { sessions } = remember(opened);
    expect(sessions).toHaveLength(500);
    expect(sessions.at(-1)?.id).toBe(aSessionId(509));
  });

  it('holds at most a bounded number of tried numbers', () => {
    const memory = wrong(3000, emptyDeskMemory, (attempt) => String(attempt).padStart(64, '0'));
    expect(memory.pins.size).toBeLessThanOrEqual(1002);
  });
});
