import { AppError } from '@tagtrail/shared/error.js';
import type { MercuryReply, MercuryRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { status, statusSentence } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import { type CommandOutcome, type CommandState, newLine, nextCommand } from './command-machine.js';

/** The one command in flight, run by the command machine. */
export interface CommandSlot {
  /** Calls `write` and waits for the reply. Rejects as `MercuryPort.command`. */
  send(request: MercuryRequest, timeoutMs: number, write: () => Promise<void>): Promise<MercuryReply>;
  /** What a frame is; a response has been handed to its command. */
  take(frame: MercuryReply): CommandOutcome;
  /** Ends the command in flight; false when there is none. */
  interrupt(error: AppError): boolean;
}

interface InFlight {
  readonly timer: Timer;
  resolve(reply: MercuryReply): void;
  reject(error: AppError): void;
}

export function createCommandSlot(clock: Clock): CommandSlot {
  let commands: CommandState = newLine;
  let inFlight: InFlight | undefined;

  function settle(how: (waiting: InFlight) => void): boolean {
    const waiting = inFlight;
    inFlight = undefined;
    if (waiting === undefined) return false;
    waiting.timer.cancel();
    how(waiting);
    return true;
  }

  return {
    send: (request, timeoutMs, write) =>
      new Promise((resolve, reject) => {
        const step = nextCommand(commands, { kind: 'send', op: request.op });
        if (step.outcome === 'busy') {
          reject(new AppError('bug.command_in_flight', 'a reader command is in flight', { kind: 'bug' }));
          return;
        }
        commands = step.state;
        const timer = clock.startTimer('mercury.response', timeoutMs, () => {
          commands = nextCommand(commands, { kind: 'timeout' }).state;
          settle((waiting) => waiting.reject(unanswered(request.op)));
        });
        inFlight = { timer, resolve, reject };
        write().catch(() => settle((waiting) => waiting.reject(linkLost())));
      }),
    take: (frame) => {
      const step = nextCommand(commands, { kind: 'frame', op: frame.op });
      commands = step.state;
      if (step.outcome === 'response') settle((waiting) => answer(waiting, frame));
      return step.outcome;
    },
    interrupt: (error) => settle((waiting) => waiting.reject(error)),
  };
}

function answer(waiting: InFlight, frame: MercuryReply): void {
  if (frame.status === status.ok) waiting.resolve(frame);
  else {
    waiting.reject(
      new AppError('reader.refused', statusSentence(frame.status), {
        kind: 'device',
        detail: { op: frame.op, status: frame.status },
      }),
    );
  }
}

function unanswered(op: number): AppError {
  return new AppError('reader.unanswered', 'The UHF reader does not answer: check its power and cable.', {
    kind: 'device',
    detail: { op },
  });
}

export function linkLost(): AppError {
  return new AppError('serial.link_lost', 'the line to the UHF reader is closed', { kind: 'device' });
}
