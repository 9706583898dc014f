import { unreachable } from '@tagtrail/shared/assert.js';
import { freshLine, isGarbled, type LineQuality, recordBytes } from './line-quality.js';
import type { DeviceReport, DeviceStatus } from './reader.js';

/**
 * The life of one device's link. Unplugged, silent and garbled are states with a way back, not errors.
 *
 *   idle -> connecting -> configuring -> up -> (lost, silent, restarted, garbled too long)
 *               ^                                      |
 *               +------------- backing off <-----------+
 *
 * `phase` is what the link does, `status` is what an operator is told; a trouble stays told until
 * the device has proved that it works again.
 */
export type LinkPhase = 'idle' | 'connecting' | 'configuring' | 'up' | 'backing_off' | 'closed';

export interface LinkRules {
  /** The device's name in sentences, such as `UHF reader`. */
  readonly device: string;
  /** After this long without a valid frame the device counts as silent; null for one that speaks only when used. */
  readonly silentAfterMs: number | null;
  /** How long a garbled line is listened to before the device is set up anew. */
  readonly garbledSetupMs: number;
}

export interface LinkState {
  readonly phase: LinkPhase;
  readonly status: DeviceStatus;
  readonly detail: string | null;
  /** Failures in a row; decides the back-off. */
  readonly attempt: number;
  /** True once the device has shown, since it was configured, that it works. */
  readonly proven: boolean;
  readonly lastValidAt: number;
  /** Bytes that came since then and made no sense. */
  readonly noiseBytes: number;
  readonly garbledSince: number | null;
  readonly quality: LineQuality;
  /** What the device itself complains about while it runs, as a sentence. */
  readonly trouble: string | null;
  /** What an operator should know although all works. */
  readonly warning: string | null;
}

export type LinkInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'configured' }
  /** Opening or configuring ended without success. */
  | { readonly kind: 'refused'; readonly why: 'missing' | 'unanswered' | 'fault'; readonly detail: string }
  | { readonly kind: 'lost'; readonly detail: string }
  | { readonly kind: 'valid'; readonly bytes: number }
  | { readonly kind: 'discarded'; readonly bytes: number }
  /** The device began anew by itself and has forgotten its settings. */
  | { readonly kind: 'restarted'; readonly detail: string }
  /** The device stopped answering although it is asked. */
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'trouble'; readonly detail: string | null }
  | { readonly kind: 'warning'; readonly detail: string | null }
  | { readonly kind: 'tick' }
  /** The back-off is over. */
  | { readonly kind: 'timeout' }
  | { readonly kind: 'close' };

export type LinkEffect =
  | { readonly kind: 'open' }
  | { readonly kind: 'configure' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'back_off'; readonly attempt: number };

export interface LinkStep {
  readonly state: LinkState;
  readonly effects: readonly LinkEffect[];
}

export const idleLink: LinkState = {
  phase: 'idle',
  status: 'starting',
  detail: null,
  attempt: 0,
  proven: false,
  lastValidAt: 0,
  noiseBytes: 0,
  garbledSince: null,
  quality: freshLine,
  trouble: null,
  warning: null,
};

/** What the listener is told in this state. */
export function reportOf(state: LinkState): DeviceReport {
  return { status: state.status, detail: state.status === 'ok' ? state.warning : state.detail };
}

export interface LinkMoment {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly rules: LinkRules;
}

/** The next state and what to do about it. */
export function nextLink(state: LinkState, input: LinkInput, moment: LinkMoment): LinkStep {
  const { at, rules } = moment;
  if (state.phase === 'closed') return stay(state);
  switch (input.kind) {
    case 'start':
      return state.phase === 'idle' ? connect(state) : stay(state);
    case 'timeout':
      return state.phase === 'backing_off' ? connect(state) : stay(state);
    case 'opened':
      if (state.phase !== 'connecting') return stay(state);
      return { state: { ...state, phase: 'configuring' }, effects: [{ kind: 'configure' }] };
    case 'configured':
      return state.phase === 'configuring' ? goUp(state, at, rules) : stay(state);
    case 'refused':
      return isLinked(state) ? refused(state, input, at) : stay(state);
    case 'lost':
      return isLinked(state) ? fall(state, 'unplugged', input.detail) : stay(state);
    case 'restarted':
      return isLinked(state) ? fall(state, 'faulty', input.detail) : stay(state);
    case 'unanswered':
      return state.phase === 'up' ? unanswered(state, at, rules) : stay(state);
    case 'valid':
    case 'discarded':
      return heard(state, input, moment);
    case 'trouble':
      return stay(settled({ ...state, trouble: input.detail }));
    case 'warning':
      return stay({ ...state, warning: input.detail });
    case 'tick':
      return tick(state, at, rules);
    case 'close':
      return { state: { ...state, phase: 'closed' }, effects: [{ kind: 'drop' }] };
    default:
      return unreachable(input);
  }
}

function stay(state: LinkState): LinkStep {
  return { state, effects: [] };
}

function isLinked(state: LinkState): boolean {
  return state.phase === 'connecting' || state.phase === 'configuring' || state.phase === 'up';
}

function connect(state: LinkState): LinkStep {
  return { state: { ...state, phase: 'connecting', noiseBytes: 0 }, effects: [{ kind: 'open' }] };
}

function goUp(state: LinkState, at: number, rules: LinkRules): LinkStep {
  const up: LinkState = {
    ...state,
    phase: 'up',
    lastValidAt: at,
    garbledSince: null,
    trouble: null,
  };
  // A device that speaks only when used cannot prove more than that its port opened.
  return stay(rules.silentAfterMs === null && !hasGarbage(up, at) ? healthy(up) : up);
}

function refused(state: LinkState, input: LinkInput & { kind: 'refused' }, at: number): LinkStep {
  // Told once: the reason why it cannot be opened now says no more than that it was unplugged.
  if (input.why === 'missing')
    return fall(state, 'unplugged', (state.status === 'unplugged' ? state.detail : null) ?? input.detail);
  if (input.why === 'fault') return fall(state, 'faulty', input.detail);
  return isNoisy(state, at) ? fall(state, 'garbled', garbledText) : fall(state, 'silent', input.detail);
}

function unanswered(state: LinkState, at: number, rules: LinkRules): LinkStep {
  return isNoisy(state, at) ? fall(state, 'garbled', garbledText) : fall(state, 'silent', silentText(rules));
}

function hasGarbage(state: LinkState, at: number): boolean {
  return isGarbled(state.quality, at, state.status === 'garbled');
}

/** A device that should have answered did say something: the line is to blame. */
function isNoisy(state: LinkState, at: number): boolean {
  return state.noiseBytes >= minNoiseBytes || (state.status === 'garbled' && hasGarbage(state, at));
}

type Heard = LinkInput & { kind: 'valid' | 'discarded' };

function heard(state: LinkState, input: Heard, { at, rules }: LinkMoment): LinkStep {
  if (!isLinked(state)) return stay(state);
  const valid = input.kind === 'valid';
  const quality = recordBytes(state.quality, valid ? { valid: input.bytes } : { discarded: input.bytes }, at);
  // Written out: this runs for every frame, and a spread of so many members takes longer than all the rest.
  const { phase, status, detail, attempt, proven, garbledSince, trouble, warning } = state;
  const lastValidAt = valid ? at : state.lastValidAt;
  const noiseBytes = valid ? 0 : state.noiseBytes + input.bytes;
  const next: LinkState = {
    phase,
    status,
    detail,
    attempt,
    proven,
    lastValidAt,
    noiseBytes,
    garbledSince,
    quality,
    trouble,
    warning,
  };
  if (state.phase !== 'up') return stay(next);
  if (hasGarbage(next, at)) return stay(garbled(next, at));
  return stay(valid || rules.silentAfterMs === null ? healthy(next) : next);
}

function tick(state: LinkState, at: number, rules: LinkRules): LinkStep {
  if (state.phase !== 'up') return stay(state);
  if (rules.silentAfterMs !== null && at - state.lastValidAt >= rules.silentAfterMs)
    return unanswered(state, at, rules);
  if (!hasGarbage(state, at)) return stay(rules.silentAfterMs === null ? healthy(state) : state);
  const next = garbled(state, at);
  const since = next.garbledSince ?? at;
  return at - since >= rules.garbledSetupMs ? fall(next, 'garbled', garbledText) : stay(next);
}

/** Leaves the line and tries again later; the status says why. */
function fall(state: LinkState, status: DeviceStatus, detail: string): LinkStep {
  const next: LinkState = {
    ...state,
    phase: 'backing_off',
    status,
    detail,
    attempt: state.attempt + 1,
    proven: false,
    garbledSince: null,
    trouble: null,
    warning: null,
  };
  return { state: next, effects: [{ kind: 'drop' }, { kind: 'back_off', attempt: state.attempt }] };
}

function garbled(state: LinkState, at: number): LinkState {
  return { ...state, status: 'garbled', detail: garbledText, garbledSince: state.garbledSince ?? at };
}

function healthy(state: LinkState): LinkState {
  if (isHealthy(state)) return state;
  const well: LinkState = { ...state, attempt: 0, proven: true, garbledSince: null, status: 'ok', detail: null };
  return settled(well);
}

/** Nothing to alter, as at nearly every frame that arrives. */
function isHealthy(state: LinkState): boolean {
  const { proven, status, detail, attempt, garbledSince, trouble } = state;
  return proven && status === 'ok' && detail === null && attempt === 0 && garbledSince === null && trouble === null;
}

/** A device that runs but complains is `faulty` with its complaint; without one it is `ok` again. */
function settled(state: LinkState): LinkState {
  if (state.phase !== 'up' || !state.proven) return state;
  if (state.status === 'ok' && state.trouble !== null) return { ...state, status: 'faulty', detail: state.trouble };
  if (state.status === 'faulty' && state.trouble === null) return { ...state, status: 'ok', detail: null };
  if (state.status === 'faulty') return { ...state, detail: state.trouble };
  return state;
}

/** Fewer bytes than this are the rest of a frame and prove nothing. */
const minNoiseBytes = 8;

const garbledText = 'The bytes on the line make no sense: check cable, ground and speed.';

function silentText(rules: LinkRules): string {
  return `The ${rules.device} does not answer: check its power and cable.`;
}
