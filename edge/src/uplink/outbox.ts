import type { CommittedMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { JournalBatch } from '../journal/batch-reader.js';

/**
 * The window between the journal and the cloud, as a pure machine. One batch is in flight; what
 * gathers meanwhile goes as the next one, so a slow cloud makes batches larger and not queues
 * longer. Only `committed` moves the window on: that a broker took a packet proves nothing.
 */

export type ExpectReason = Extract<CommittedMessage, { expect: number }>['reason'];

/**
 * Why the stream stands still; shown until the cloud takes something again. `missing`: it asks for
 * records that this disk has no longer. `behind`: it has records that this disk never had.
 */
export type OutboxFault = {
  readonly reason: Exclude<ExpectReason, 'gap' | 'restored'> | 'missing' | 'behind';
  readonly atMs: number;
};

type Flight =
  | { readonly kind: 'none' }
  /** The journal is asked for a batch from `from` on. */
  | { readonly kind: 'reading'; readonly from: number }
  | { readonly kind: 'sent'; readonly from: number; readonly to: number; readonly dueAtMs: number };

export interface OutboxCounts {
  readonly batchesSent: number;
  readonly batchesResent: number;
  readonly committed: number;
  /** Answers that told nothing new: an acknowledgement that came twice or late. */
  readonly repeated: number;
  readonly wrongLog: number;
  readonly wrongChain: number;
  /** Acknowledgements of sequences that do not exist. */
  readonly beyondLast: number;
  readonly rewound: number;
  readonly refused: number;
}

export interface OutboxState {
  readonly log: string;
  readonly connected: boolean;
  /** The first sequence that the journal can still give, and the last. */
  readonly first: number;
  readonly last: number;
  readonly acknowledged: number;
  /** Where the next batch begins; below `acknowledged` after the cloud asked again. */
  readonly next: number;
  readonly flight: Flight;
  /** Sends of the batch at `next` that brought nothing. */
  readonly attempts: number;
  /** Nothing is sent before this instant, after a refusal that sending at once would only repeat. */
  readonly holdUntilMs: number;
  readonly fault: OutboxFault | null;
  readonly counts: OutboxCounts;
}

export type OutboxInput =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'appended'; readonly first: number; readonly last: number }
  /** The answer to `read`; no batch when the journal could not give one. */
  | { readonly kind: 'read'; readonly from: number; readonly batch: JournalBatch | undefined }
  /** `ours` is the journal's own chain value after `upTo`, where it has one. */
  | {
      readonly kind: 'committed';
      readonly log: string;
      readonly upTo: number;
      readonly chain: string;
      readonly ours?: string;
    }
  | { readonly kind: 'expected'; readonly log: string; readonly from: number; readonly reason: ExpectReason }
  | { readonly kind: 'tick' };

export type OutboxEffect =
  | { readonly kind: 'hello' }
  | { readonly kind: 'read'; readonly from: number }
  | { readonly kind: 'send'; readonly batch: JournalBatch }
  | { readonly kind: 'acknowledge'; readonly upTo: number };

export interface OutboxStep {
  readonly state: OutboxState;
  readonly effects: readonly OutboxEffect[];
}

/** A fork lasts until somebody looks into it, and the cloud sets every attempt aside: `forkMs` spares it. */
export const resendTimes = { firstMs: 5_000, lastMs: 60_000, forkMs: 600_000 } as const;

const noCounts: OutboxCounts = {
  batchesSent: 0,
  batchesResent: 0,
  committed: 0,
  repeated: 0,
  wrongLog: 0,
  wrongChain: 0,
  beyondLast: 0,
  rewound: 0,
  refused: 0,
};
const none: Flight = { kind: 'none' };

export function newOutbox(start: { log: string; first: number; last: number; acknowledged: number }): OutboxState {
  return {
    ...start,
    connected: false,
    next: Math.max(start.acknowledged + 1, start.first),
    flight: none,
    attempts: 0,
    holdUntilMs: 0,
    fault: null,
    counts: noCounts,
  };
}

/** One step at the monotonic time `atMs`. */
export function next(state: OutboxState, input: OutboxInput, atMs: number): OutboxStep {
  switch (input.kind) {
    case 'connected':
      return sendNext({ ...state, connected: true, flight: none, attempts: 0, holdUntilMs: 0 }, atMs, [
        { kind: 'hello' },
      ]);
    case 'disconnected':
      return { state: { ...state, connected: false, flight: none }, effects: [] };
    case 'appended':
      return sendNext({ ...state, first: input.first, last: Math.max(state.last, input.last) }, atMs);
    case 'read':
      return onRead(state, input, atMs);
    case 'committed':
      return onCommitted(state, input, atMs);
    case 'expected':
      return onExpected(state, input, atMs);
    case 'tick':
      return onTick(state, atMs);
  }
}

/**
 * In how many milliseconds `next` wants a `tick`, or undefined while it waits for nothing. A whole
 * number, rounded up: a timer that fires a fraction before its instant would be started again at once.
 */
export function wakeAfterMs(state: OutboxState, atMs: number): number | undefined {
  const wake = wakeAtMs(state);
  return wake === undefined ? undefined : Math.ceil(Math.max(0, wake - atMs));
}

function wakeAtMs(state: OutboxState): number | undefined {
  if (!state.connected) return undefined;
  if (state.flight.kind === 'sent') return state.flight.dueAtMs;
  return state.flight.kind === 'none' && state.next <= state.last ? state.holdUntilMs : undefined;
}

/** How long to wait for an answer to the send number `attempts` (0 for the first). */
export function resendAfterMs(attempts: number, mostMs: number = resendTimes.lastMs): number {
  return Math.min(mostMs, resendTimes.firstMs * 2 ** Math.min(attempts, 10));
}

function sendNext(state: OutboxState, atMs: number, before: readonly OutboxEffect[] = []): OutboxStep {
  const idle = state.connected && state.flight.kind === 'none';
  if (!idle || state.next > state.last || atMs < state.holdUntilMs) return { state, effects: before };
  return {
    state: { ...state, flight: { kind: 'reading', from: state.next } },
    effects: [...before, { kind: 'read', from: state.next }],
  };
}

function onRead(state: OutboxState, { from, batch }: OutboxInput & { kind: 'read' }, atMs: number): OutboxStep {
  // The window has moved, or the connection went, while the journal was reading.
  if (state.flight.kind !== 'reading' || state.flight.from !== from) return { state, effects: [] };
  if (batch === undefined) {
    const attempts = state.attempts + 1;
    const holdUntilMs = atMs + resendAfterMs(attempts);
    return { state: { ...state, flight: none, attempts, holdUntilMs, fault: faultOf('missing', atMs) }, effects: [] };
  }
  const flight: Flight = { kind: 'sent', from, to: batch.to, dueAtMs: atMs + resendAfterMs(state.attempts) };
  const resent = state.attempts > 0 ? 1 : 0;
  const counts = add(state.counts, { batchesSent: 1, batchesResent: resent });
  return { state: { ...state, flight, counts }, effects: [{ kind: 'send', batch }] };
}

function onCommitted(state: OutboxState, input: OutboxInput & { kind: 'committed' }, atMs: number): OutboxStep {
  const { upTo, log, chain, ours } = input;
  if (log !== state.log) return counted(state, { wrongLog: 1 });
  if (upTo > state.last) return counted(state, { beyondLast: 1 });
  if (ours !== undefined && ours !== chain) return counted(state, { wrongChain: 1 });
  // Nothing of ours to hold it against: harmless below the window, not to be believed above it.
  if (ours === undefined && upTo > state.acknowledged) return counted(state, { wrongChain: 1 });
  const news = upTo > state.acknowledged;
  if (!news && upTo < state.next) return counted(state, { repeated: 1 });
  const moved: OutboxState = {
    ...state,
    acknowledged: Math.max(state.acknowledged, upTo),
    next: Math.max(state.next, upTo + 1),
    flight: state.flight.kind !== 'none' && upTo >= state.flight.from ? none : state.flight,
    attempts: 0,
    holdUntilMs: 0,
    fault: null,
    counts: add(state.counts, { committed: 1 }),
  };
  return sendNext(moved, atMs, news ? [{ kind: 'acknowledge', upTo }] : []);
}

function onExpected(state: OutboxState, input: OutboxInput & { kind: 'expected' }, atMs: number): OutboxStep {
  const { from, reason, log } = input;
  if (log !== state.log) return counted(state, { wrongLog: 1 });
  const refused = { ...state, flight: none, counts: add(state.counts, { refused: 1 }) };
  const hold = (fault: OutboxFault['reason'] | undefined): OutboxStep => {
    const attempts = state.attempts + 1;
    const mostMs = fault === 'fork' ? resendTimes.forkMs : resendTimes.lastMs;
    const held = { ...refused, attempts, holdUntilMs: atMs + resendAfterMs(attempts - 1, mostMs) };
    return { state: fault === undefined ? held : { ...held, fault: faultOf(fault, atMs) }, effects: [] };
  };
  if (reason === 'fork') return hold(reason);
  if (from > state.last + 1) return hold('behind');
  if (from < state.first) return hold('missing');
  const rewound = { ...refused, next: from, counts: add(refused.counts, { rewound: 1 }) };
  // The same wish again means that what was sent did not help: no faster than a resend.
  if (reason === 'gap' || reason === 'restored') {
    if (from !== state.next) return sendNext({ ...rewound, attempts: 0, holdUntilMs: 0 }, atMs);
    return state.flight.kind === 'sent' ? counted(state, { refused: 1 }) : hold(undefined);
  }
  const { state: held } = hold(reason);
  return { state: { ...held, next: from, counts: rewound.counts }, effects: [] };
}

function onTick(state: OutboxState, atMs: number): OutboxStep {
  if (state.flight.kind !== 'sent') return sendNext(state, atMs);
  if (atMs < state.flight.dueAtMs) return { state, effects: [] };
  return sendNext({ ...state, flight: none, attempts: state.attempts + 1 }, atMs);
}

function faultOf(reason: OutboxFault['reason'], atMs: number): OutboxFault {
  return { reason, atMs };
}

function counted(state: OutboxState, more: Partial<OutboxCounts>): OutboxStep {
  return { state: { ...state, counts: add(state.counts, more) }, effects: [] };
}

function add(counts: OutboxCounts, more: Partial<OutboxCounts>): OutboxCounts {
  const sum: Record<string, number> = { ...counts };
  for (const [name, by] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + by;
  return sum as unknown as OutboxCounts;
}
