import { unreachable } from '@tagtrail/shared/assert.js';
import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { KioskRefusalCode } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { openForReturn } from './badge-steps.js';
import { countUnopened } from './count-steps.js';
import { beginDispute } from './dispute-steps.js';
import { type HeldItem, holdingOf } from './holding.js';
import type { CabinetSession, DeskAction, SessionState, Step, Surroundings } from './session-state.js';
import { envelopeOf, inPhase, record, sessionTimes, step } from './session-steps.js';

/** The session whose person stands at the screen; null while nobody is signed in. */
export function signedIn(state: SessionState): CabinetSession | null {
  switch (state.phase.kind) {
    case 'authorising':
    case 'unlocked':
    case 'open':
    case 'settling':
    case 'counting':
    case 'receipt':
    case 'hand_over':
      return state.phase.session?.actor == null ? null : state.phase.session;
    default:
      return null;
  }
}

/** What the signed-in person holds; nothing when nobody is signed in. */
export function heldBy(session: CabinetSession | null, around: Pick<Surroundings, 'book' | 'rules'>) {
  const person = session?.actor == null ? undefined : around.rules.personOf(session.actor);
  return person === undefined ? [] : holdingOf(around, person);
}

/** Why an action cannot be done now; null when it can. */
export function deskRefusal(state: SessionState, action: DeskAction, around: Surroundings): KioskRefusalCode | null {
  if (action.name === 'return_only') return returnRefusal(state, action.epcs, around);
  const session = signedIn(state);
  if (session === null || session.actor === null) return 'not_signed_in';
  const { phase } = state;
  switch (action.name) {
    case 'order': {
      if (phase.kind === 'receipt' || phase.kind === 'hand_over') return 'not_now';
      const own = around.rules.ordersOf(session.actor);
      return action.order === null || own.some(({ order }) => order === action.order) ? null : 'unknown_order';
    }
    case 'dispute': {
      if (phase.kind !== 'receipt' || phase.uncounted === true || state.devices.uhf !== 'ok') return 'not_now';
      if (phase.dispute?.stage === 'reading') return 'busy';
      const line = phase.lines.find(({ epc }) => epc === action.epc);
      if (line === undefined) return 'unknown_item';
      return line.dispute === undefined ? null : 'not_now';
    }
    case 'report':
      return around.rules.itemOf(action.epc) === undefined ? 'unknown_item' : null;
    case 'hand_over': {
      if (phase.kind === 'hand_over') return phase.to === null ? null : 'not_now';
      const refusal = secondBadgeRefusal(state);
      if (refusal !== null) return refusal;
      return holdsAll(session, action.epcs, around) ? null : 'not_your_item';
    }
    case 'shift_end': {
      const decided = action.decisions.map(({ epc }) => epc);
      if (!holdsAll(session, decided, around)) return 'not_your_item';
      return heldBy(session, around).every(({ epc }) => decided.includes(epc)) ? null : 'decision_missing';
    }
    case 'search': {
      if (action.action === 'close') {
        if (!around.memory.searches.has(action.epc)) return 'unknown_item';
        return action.outcome === 'declared_lost' ? secondBadgeRefusal(state) : null;
      }
      return around.rules.itemOf(action.epc) === undefined ? 'unknown_item' : null;
    }
    case 'notice':
      return around.rules.rulebook?.privacyNotice?.version === action.version ? null : 'bad_request';
    default:
      return unreachable(action);
  }
}

/** Whether the screen can wait for a second badge now. */
function secondBadgeRefusal({ phase }: SessionState): KioskRefusalCode | null {
  if (phase.kind !== 'unlocked' && phase.kind !== 'receipt') return 'not_now';
  if (phase.kind === 'receipt' && phase.uncounted === true) return 'not_now';
  return phase.kind === 'receipt' && phase.dispute?.stage === 'reading' ? 'busy' : null;
}

/** Anybody may bring back anything that is not inside, whoever had it. */
function returnRefusal(state: SessionState, epcs: readonly string[], around: Surroundings): KioskRefusalCode | null {
  const { kind } = state.phase;
  if ((kind !== 'return_offer' && kind !== 'witness') || state.devices.lock !== 'ok') return 'not_now';
  const isOut = (epc: string): boolean =>
    around.rules.itemOf(epc) !== undefined && around.book.items.get(epc)?.standing !== 'inside';
  return epcs.every(isOut) ? null : 'unknown_item';
}

function holdsAll(session: CabinetSession, epcs: readonly string[], around: Surroundings): boolean {
  const held = new Set(heldBy(session, around).map(({ epc }) => epc));
  return epcs.every((epc) => held.has(epc));
}

/** Somebody tapped the screen. */
export function onDesk(state: SessionState, action: DeskAction, around: Surroundings): Step {
  if (deskRefusal(state, action, around) !== null) return step(state);
  if (action.name === 'return_only') return openForReturn(state, action.epcs);
  const session = signedIn(state);
  if (session === null) return step(state);
  switch (action.name) {
    case 'order':
      return chooseOrder(state, { session, order: action.order }, around);
    case 'dispute':
      return beginDispute(state, action.epc, around);
    case 'report':
      return reported(state, { session, action }, around);
    case 'hand_over':
      return action.epcs.length === 0
        ? endHandOver(state, around)
        : handOver(state, { session, epcs: action.epcs }, around);
    case 'shift_end':
      return shiftEnd(state, { session, action }, around);
    case 'search':
      if (action.action === 'close' && action.outcome === 'declared_lost') {
        return askSecond(state, { session, items: [searchedItem(action.epc, around)], lost: { note: action.note } });
      }
      return noted(state, around, [searchDraft(session, action, around)]);
    case 'notice':
      return noted(state, around, [
        { kind: 'notice.acknowledged', ...envelopeOf(session), data: { version: action.version } },
      ]);
    default:
      return unreachable(action);
  }
}

/** Puts drafts on the disk; a person who taps is still there, so the receipt stays. */
function noted(state: SessionState, around: Surroundings, drafts: readonly TraceDraft[]): Step {
  const effects = record('note', 'now', drafts);
  const { phase } = state;
  if (phase.kind !== 'receipt' || phase.dispute?.stage === 'reading') return step(state, ...effects);
  return step(state, ...effects, { kind: 'start_timer', timer: 'receipt', delayMs: around.session.receiptMs });
}

function chooseOrder(
  state: SessionState,
  chosen: { readonly session: CabinetSession; readonly order: CabinetSession['order'] | null },
  around: Surroundings,
): Step {
  const { order: _, ...before } = chosen.session;
  const session: CabinetSession = {
    ...before,
    orderDecided: true,
    ...(chosen.order == null ? {} : { order: chosen.order }),
  };
  const number = around.rules.rulebook?.orders?.find(({ order }) => order === chosen.order)?.number ?? null;
  const data = { order: chosen.order ?? null, number };
  const { phase } = state;
  const draft: TraceDraft = { kind: 'session.order_chosen', ...envelopeOf(session), data };
  if (!('session' in phase) || phase.kind === 'recording') return step(state);
  return noted(inPhase(state, { ...phase, session }), around, [draft]);
}

function reported(
  state: SessionState,
  what: { readonly session: CabinetSession; readonly action: Extract<DeskAction, { name: 'report' }> },
  around: Surroundings,
): Step {
  const { epc, what: kind, note: words } = what.action;
  const { phase } = state;
  const draft = reportDraft(what.session, { epc, what: kind, note: words }, around);
  if (phase.kind !== 'receipt') return noted(state, around, [draft]);
  const lines = phase.lines.map((line) => (line.epc === epc ? { ...line, reported: kind } : line));
  return noted(inPhase(state, { ...phase, lines }), around, [draft]);
}

function reportDraft(
  session: CabinetSession,
  report: { readonly epc: string; readonly what: 'broken' | 'incomplete' | 'lost'; readonly note: string | null },
  around: Surroundings,
): TraceDraft {
  const item = around.rules.itemOf(report.epc);
  const asset = item === undefined ? {} : { asset: item.asset };
  return {
    kind: 'asset.reported',
    ...envelopeOf(session),
    ...asset,
    data: { ...report, name: item?.name ?? report.epc },
  };
}

function handOver(
  state: SessionState,
  what: { readonly session: CabinetSession; readonly epcs: readonly string[] },
  around: Surroundings,
): Step {
  const items = heldBy(what.session, around).filter(({ epc }: HeldItem) => what.epcs.includes(epc));
  return askSecond(state, { session: what.session, items });
}

function searchedItem(epc: string, { rules, memory }: Surroundings): HeldItem {
  const search = memory.searches.get(epc);
  return { epc, name: rules.itemOf(epc)?.name ?? search?.name ?? epc, since: search?.startedAt ?? '' };
}

/** The next badge decides: who takes over, or who declares it lost beside the first. */
function askSecond(
  state: SessionState,
  what: {
    readonly session: CabinetSession;
    readonly items: readonly HeldItem[];
    readonly lost?: { readonly note: string };
  },
): Step {
  const lines = state.phase.kind === 'receipt' || state.phase.kind === 'hand_over' ? state.phase.lines : [];
  return step(inPhase(state, { kind: 'hand_over', ...what, refused: null, to: null, lines }), {
    kind: 'start_timer',
    timer: 'hand_over',
    delayMs: sessionTimes.secondBadgeMs,
  });
}

/** Done, given up or nobody came: back to the receipt, or to the unlock that nobody used. */
export function endHandOver(state: SessionState, around: Surroundings): Step {
  const { phase } = state;
  if (phase.kind !== 'hand_over') return step(state);
  if (!phase.session.closed) return countUnopened(state, phase.session, around);
  return step(inPhase(state, { kind: 'receipt', session: phase.session, lines: phase.lines }), {
    kind: 'start_timer',
    timer: 'receipt',
    delayMs: around.session.receiptMs,
  });
}

function shiftEnd(
  state: SessionState,
  what: { readonly session: CabinetSession; readonly action: Extract<DeskAction, { name: 'shift_end' }> },
  around: Surroundings,
): Step {
  const { session, action } = what;
  const held = new Map(heldBy(session, around).map((item) => [item.epc, item.name]));
  const items = action.decisions.map((one) => ({ ...one, name: held.get(one.epc) ?? one.epc }));
  const lost = action.decisions
    .filter(({ decision }) => decision === 'lost')
    .map(({ epc, note }) => reportDraft(session, { epc, what: 'lost', note }, around));
  return noted(state, around, [{ kind: 'shift.ended', ...envelopeOf(session), data: { items } }, ...lost]);
}

function searchDraft(
  session: CabinetSession,
  action: Extract<DeskAction, { name: 'search' }>,
  around: Surroundings,
): TraceDraft {
  const item = around.rules.itemOf(action.epc);
  const search = around.memory.searches.get(action.epc);
  const named = { epc: action.epc, name: item?.name ?? search?.name ?? action.epc };
  const envelope = { ...envelopeOf(session), ...(item === undefined ? {} : { asset: item.asset }) };
  if (action.action === 'close') {
    const { outcome, note } = action;
    return { kind: 'search.closed', ...envelope, data: { ...named, outcome, note } };
  }
  const last = around.memory.last.get(action.epc);
  const lastHolder = last?.holder ?? item?.heldBy?.person ?? null;
  return { kind: 'search.started', ...envelope, data: { ...named, lastHolder, lastReadAt: last?.readAt ?? null } };
}
