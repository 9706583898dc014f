import { utf8Bytes, utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { errorText, isAppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CommandMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Disk } from '../journal/disk.js';

export type CommandOutcome = 'carried_out' | 'expired' | 'repeated' | 'unsaved';

/** Whether a command is to be carried out at the wall time `atMs`, `lastCounter` being the last that was. */
export function judgeCommand(command: CommandMessage, lastCounter: number, atMs: number): CommandOutcome {
  if (command.counter <= lastCounter) return 'repeated';
  return Date.parse(command.expiresAt) <= atMs ? 'expired' : 'carried_out';
}

export interface CommandGate {
  /** Never rejects. */
  admit(command: CommandMessage, carryOut: (command: CommandMessage) => void): Promise<CommandOutcome>;
}

export const commandCounterName = 'command-counter';

/**
 * Lets each command through once. Its counter is on the disk before it is carried out: a command
 * that a power cut interrupts is lost, never done twice. Rejects with AppError `disk.fault`.
 */
export async function openCommandGate(options: { disk: Disk; clock: Clock; log: Log }): Promise<CommandGate> {
  const { disk, clock, log } = options;
  let last = await readCounter(disk);
  let turn: Promise<unknown> = Promise.resolve();
  const admit = async (command: CommandMessage, carryOut: (one: CommandMessage) => void): Promise<CommandOutcome> => {
    const outcome = judgeCommand(command, last, clock.wallMs());
    if (outcome !== 'carried_out') return outcome;
    try {
      await writeCounter(disk, command.counter);
    } catch (error) {
      log.error({ id: command.id, error: errorText(error) }, 'uplink.command.unsaved');
      return 'unsaved';
    }
    last = command.counter;
    carryOut(command);
    return 'carried_out';
  };
  return {
    admit: (command, carryOut) => {
      const outcome = turn.then(() => admit(command, carryOut));
      turn = outcome;
      return outcome.then((one) => {
        log.info({ id: command.id, kind: command.kind, outcome: one }, 'uplink.command.judged');
        return one;
      });
    },
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
