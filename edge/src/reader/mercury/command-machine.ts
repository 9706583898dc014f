import { opcode } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';

/**
 * One command in flight on a line where the reader also speaks unasked.
 *
 *   idle --send--> waiting --reply with the same opcode--> idle   (response)
 *                     |----timeout----> idle, the opcode is remembered: its reply may still come
 *
 * Every frame is exactly one of: a response, a report (opcode 22 while reading), a late reply, or
 * the sign that the module began anew, since it never sends another opcode unasked
 * (protocols.md section 1.2).
 */
export interface CommandState {
  /** Opcode of the command in flight. */
  readonly waitingFor: number | null;
  /** Opcodes that were given up; their replies may still be on the way. */
  readonly givenUp: readonly number[];
}

export type CommandInput =
  | { readonly kind: 'send'; readonly op: number }
  | { readonly kind: 'frame'; readonly op: number }
  | { readonly kind: 'timeout' };

export type CommandOutcome = 'sent' | 'busy' | 'response' | 'report' | 'late' | 'restarted' | 'unanswered' | 'nothing';

export interface CommandStep {
  readonly state: CommandState;
  readonly outcome: CommandOutcome;
}

export const noCommand: CommandState = { waitingFor: null, givenUp: [] };
/** A line that has just been opened: whoever had it before may have left a stop that is acknowledged only now. */
export const newLine: CommandState = { waitingFor: null, givenUp: [opcode.continuous] };

export function nextCommand(state: CommandState, input: CommandInput): CommandStep {
  switch (input.kind) {
    case 'send':
      if (state.waitingFor !== null) return { state, outcome: 'busy' };
      return { state: { ...state, waitingFor: input.op }, outcome: 'sent' };
    case 'timeout':
      if (state.waitingFor === null) return { state, outcome: 'nothing' };
      return { state: { waitingFor: null, givenUp: [...state.givenUp, state.waitingFor] }, outcome: 'unanswered' };
    case 'frame':
      return takeFrame(state, input.op);
  }
}

function takeFrame(state: CommandState, op: number): CommandStep {
  if (op === state.waitingFor) return { state: { ...state, waitingFor: null }, outcome: 'response' };
  if (op === opcode.search) return { state, outcome: 'report' };
  const place = state.givenUp.indexOf(op);
  // A module that began anew has forgotten what it was asked.
  if (place < 0) return { state: noCommand, outcome: 'restarted' };
  return { state: { ...state, givenUp: state.givenUp.filter((_, i) => i !== place) }, outcome: 'late' };
}
