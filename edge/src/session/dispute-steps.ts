import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { KioskLine } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { InventorySnapshot } from '../inventory/presence.js';
import type { Dispute, SessionEffect, SessionState, Step, Surroundings } from './session-state.js';
import { envelopeOf, inPhase, note, record, step } from './session-steps.js';
import { expectedInside } from './settlement.js';

/** "That's wrong": the line is on nobody's name from now on, and the cabinet reads again, for longer. */
export function beginDispute(state: SessionState, epc: string, around: Surroundings): Step {
  const { phase } = state;
  const line = phase.kind === 'receipt' ? phase.lines.find((one) => one.epc === epc) : undefined;
  if (phase.kind !== 'receipt' || line === undefined) return step(state);
  const dispute: Dispute = { epc, name: line.name, movement: line.movement, stage: 'reading' };
  const inside = new Set([...expectedInside(around), epc]);
  return step(
    inPhase(state, { ...phase, dispute, lines: marked(phase.lines, dispute) }),
    ...record('note', 'now', [draftOf(state, around, { kind: 'asset.disputed', dispute })]),
    { kind: 'begin_count', inside, manner: 'thorough' },
    { kind: 'start_timer', timer: 'receipt', delayMs: around.presence.maxMs * 3 + around.session.receiptMs },
  );
}

/** What the second reading says. Only a tool that is found inside clears a line; all else stays open for a person. */
export function settleDispute(state: SessionState, snapshot: InventorySnapshot, around: Surroundings): Step {
  const { phase } = state;
  if (phase.kind !== 'receipt' || phase.dispute?.stage !== 'reading') return step(state);
  const { epc, movement } = phase.dispute;
  const found = snapshot.complete && snapshot.present.has(epc);
  const stage = movement === 'taken' && found ? 'corrected' : 'stays_disputed';
  const dispute: Dispute = { ...phase.dispute, stage };
  const { rounds, readPowerDbm } = snapshot;
  const read = readPowerDbm === undefined ? { rounds } : { rounds, readPowerDbm };
  const settled = draftOf(state, around, { kind: 'dispute.settled', dispute, read });
  return step(
    inPhase(state, { ...phase, dispute, lines: marked(phase.lines, dispute) }),
    ...record('note', 'now', [settled]),
    { kind: 'start_timer', timer: 'receipt', delayMs: around.session.receiptMs },
  );
}

/** The reading is cut short by the next person: the line stays disputed. */
export function abandonReread(state: SessionState): readonly SessionEffect[] {
  const { phase } = state;
  if (phase.kind !== 'receipt' || phase.dispute?.stage !== 'reading') return [];
  const { epc, name, movement } = phase.dispute;
  const data = { epc, name, movement, outcome: 'stays_disputed' as const, rounds: 0 };
  return [{ kind: 'cancel_count' }, ...note({ kind: 'dispute.settled', ...envelopeOf(phase.session), data })];
}

function marked(lines: readonly KioskLine[], dispute: Dispute): readonly KioskLine[] {
  return lines.map((line) => (line.epc === dispute.epc ? { ...line, dispute: dispute.stage } : line));
}

function draftOf(
  state: SessionState,
  around: Surroundings,
  what:
    | { readonly kind: 'asset.disputed'; readonly dispute: Dispute }
    | {
        readonly kind: 'dispute.settled';
        readonly dispute: Dispute;
        readonly read: { readonly rounds: number; readonly readPowerDbm?: number };
      },
): TraceDraft {
  const { epc, name, movement, stage } = what.dispute;
  const session = state.phase.kind === 'receipt' ? envelopeOf(state.phase.session) : {};
  const asset = around.rules.itemOf(epc)?.asset;
  const envelope = { ...session, ...(asset === undefined ? {} : { asset }) };
  const named = { epc, name, movement };
  if (what.kind === 'asset.disputed') return { kind: 'asset.disputed', ...envelope, data: named };
  const outcome = stage === 'corrected' ? 'corrected' : 'stays_disputed';
  return { kind: 'dispute.settled', ...envelope, data: { ...named, outcome, ...what.read } };
}
