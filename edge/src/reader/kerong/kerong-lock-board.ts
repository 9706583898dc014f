import { AppError, errorText, isAppError } from '@tagtrail/shared/error.js';
import { repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { KerongConfig } from '../../device-config.js';
import type { DriverOptions } from '../device-link.js';
import { type BoardConversation, type BoardLine, createLockBoardDriver } from '../lock-board-driver.js';
import type { LockBoard, LockBoardListener } from '../reader.js';
import { createKerongBus } from './kerong-bus.js';

export type KerongLockBoardOptions = DriverOptions<KerongConfig, LockBoardListener>;

const pollMs = 100;
const failedPollsUntilSilent = 3;

/**
 * A Kerong CU16 or CU48 board (protocols.md sections 5.1 and 5.2): `relay` is the number of a lock,
 * `contact` the bit of its feedback. The board times the drive of the lock itself.
 */
export function createKerongLockBoard(options: KerongLockBoardOptions): LockBoard {
  return createLockBoardDriver({ ...options, converse: (on) => converse({ ...options, ...on }) });
}

function converse(options: KerongLockBoardOptions & BoardLine): BoardConversation {
  const { config, clock, log, line, link } = options;
  const model = config.driver === 'kerong-cu16' ? 'cu16' : 'cu48';
  const bus = createKerongBus({ model, board: config.board, link, clock, line });
  let polling: Timer | undefined;
  let configured = false;
  let failures = 0;

  async function readLevels(order: 'first' | 'last'): Promise<void> {
    const { locks } = await bus.status(order);
    options.takeLevels((contact) => locks[contact] ?? false);
  }

  async function poll(): Promise<void> {
    try {
      await readLevels('last');
      failures = 0;
    } catch (error) {
      failures++;
      log.debug({ detail: errorText(error), failures }, 'edge.lock.poll_failed');
      if (failures >= failedPollsUntilSilent) line.unanswered();
    }
  }

  /** False when it was too late. Resolves when the board has shown that it is there. */
  async function drive(lock: number, isDue: () => boolean): Promise<boolean> {
    if (!(await bus.unlock(lock, isDue))) return false;
    await readLevels('first');
    return true;
  }

  return {
    link,
    configure: async () => {
      await readLevels('last');
      configured = true;
      polling = repeat(clock, 'lock.poll', pollMs, poll);
    },
    unlock: async (lock, expiresAtMs) => {
      if (!configured) throw new AppError('serial.link_lost', 'the lock board is not ready', { kind: 'device' });
      const isDue = (): boolean => clock.monotonicMs() < expiresAtMs;
      let driven: boolean;
      try {
        driven = await drive(lock, isDue).catch((error: unknown) => {
          if (isAppError(error, 'reader.unanswered') && isDue()) return drive(lock, isDue);
          throw error;
        });
      } catch (error) {
        // Bytes that a stalled line still holds must not reach the lock later.
        if (isAppError(error, 'reader.unanswered')) line.unanswered();
        throw error;
      }
      if (!driven) throw new AppError('lock.command_expired', 'too late to unlock', { kind: 'device' });
    },
    end: () => {
      polling?.cancel();
      bus.end();
    },
  };
}
