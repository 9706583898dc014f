import { utf8Bytes, utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { errorText, isAppError } from '@tagtrail/shared/error.js';
import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CommandMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Disk } from '../journal/disk.js';
import type { Recorder } from '../journal/recorder.js';

/** A command as it came; `signed` says that it is the cloud's own word, to this cabinet. */
export interface ArrivedCommand {
  readonly command: CommandMessage;
  readonly signed: boolean;
}

export type CommandOutcome = 'carried_out' | 'forged' | 'expired' | 'repeated' | 'unsaved';

/** Whether a command is to be carried out at the wall time `atMs`, `lastCounter` being the last that was. */
export function judgeCommand({ command, signed }: ArrivedCommand, lastCounter: number, atMs: number): CommandOutcome {
  if (!signed) return 'forged';
  if (command.counter <= lastCounter) return 'repeated';
  return Date.parse(command.expiresAt) <= atMs ? 'expired' : 'carried_out';
}

export interface CommandGate {
  /** The counter of the last command that was carried out; 0 for none. */
  lastCounter(): number;
  /** Never rejects. */
  admit(arrived: ArrivedCommand, carryOut: (command: CommandMessage) => void): Promise<CommandOutcome>;
}

export interface CommandGateOptions {
  readonly disk: Disk;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly log: Log;
}

export const commandCounterName = 'command-counter';
/** Whoever floods a cabinet with forged commands must not fill its journal: one refusal in this time is recorded. */
const recordRefusalEveryMs = 60_000;

/**
 * Lets each command of the cloud through once. Its counter is on the disk before it is carried out: a
 * command that a power cut interrupts is lost, never done twice. What is not carried out is recorded.
 *
 * @throws AppError `disk.fault`.
 */
export async function openCommandGate(options: CommandGateOptions): Promise<CommandGate> {
  const { disk, clock, log } = options;
  const record = createGateRecord(options);
  let last = await readCounter(disk);
  let turn: Promise<unknown> = Promise.resolve();
  const admit = async (arrived: ArrivedCommand): Promise<CommandOutcome> => {
    const { command } = arrived;
    const outcome = judgeCommand(arrived, last, clock.wallMs());
    if (outcome !== 'carried_out') return outcome;
    try {
      await writeCounter(disk, command.counter);
    } catch (error) {
      log.error({ id: command.id, error: errorText(error) }, 'uplink.command.unsaved');
      return 'unsaved';
    }
    last = command.counter;
    return 'carried_out';
  };
  return {
    lastCounter: () => last,
    admit: (arrived, carryOut) => {
      const outcome = turn.then(async () => {
        const one = await admit(arrived);
        log.info({ id: arrived.command.id, kind: arrived.command.kind, outcome: one }, 'uplink.command.judged');
        await record(arrived.command, one);
        if (one === 'carried_out') carryOut(arrived.command);
        return one;
      });
      turn = outcome;
      return outcome;
    },
  };
}

function createGateRecord({ recorder, clock, log }: CommandGateOptions) {
  let quietUntilMs = Number.NEGATIVE_INFINITY;
  let unrecorded = 0;
  const draftOf = ({ id, kind }: CommandMessage, outcome: CommandOutcome): TraceDraft | null => {
    if (outcome === 'carried_out') return { kind: 'command.carried_out', data: { command: id, what: kind } };
    const atMs = clock.monotonicMs();
    if (atMs < quietUntilMs) {
      unrecorded += 1;
      return null;
    }
    quietUntilMs = atMs + recordRefusalEveryMs;
    const more = unrecorded;
    unrecorded = 0;
    return { kind: 'command.refused', data: { command: id, what: kind, reason: outcome, more } };
  };
  return async (command: CommandMessage, outcome: CommandOutcome): Promise<void> => {
    const draft = draftOf(command, outcome);
    if (draft === null) return;
    try {
      await recorder.record(draft, 'now');
    } catch (error) {
      log.error({ id: command.id, error: errorText(error) }, 'uplink.command.unrecorded');
    }
  };
}

async function readCounter(disk: Disk): Promise<number> {
  try {
    const file = await disk.open(commandCounterName);
    const counter = Number(utf8Text(await file.read(0, 16)));
    await file.close();
    return Number.isSafeInteger(counter) ? counter : 0;
  } catch (error) {
    if (isAppError(error, 'disk.missing')) return 0;
    throw error;
  }
}

async function writeCounter(disk: Disk, counter: number): Promise<void> {
  const file = await disk.open(commandCounterName).catch(() => disk.create(commandCounterName, 16));
  try {
    await file.write(0, utf8Bytes(String(counter).padStart(16, '0')));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.syncDirectory();
}
