import { AppError, isAppError } from '@tagtrail/shared/error.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { pollContact, unknownContact } from './contact-debounce.js';
import { type Conversation, createDeviceLink, type DriverOptions, type Line } from './device-link.js';
import type { LinkRules } from './link-machine.js';
import type { LockBoard, LockBoardListener } from './reader.js';

/** One door as the board knows it: which lock it drives, which contact it reads. */
export interface BoardDoor {
  readonly door: number;
  readonly relay: number;
  readonly contact: number;
  readonly closedWhen: boolean;
}

export interface LockBoardSettings {
  readonly baudRate: number;
  readonly doors: readonly BoardDoor[];
}

/** The conversation with one family of board. */
export interface BoardConversation extends Conversation {
  /**
   * Drives a lock, or rejects with `lock.command_expired`, `reader.unanswered`, `reader.refused` or
   * `serial.link_lost`. Nothing may reach the board after it has rejected.
   */
  unlock(relay: number, expiresAtMs: number): Promise<void>;
}

export interface BoardLine {
  readonly line: Line;
  readonly link: SerialLink;
  /** One poll of all contacts: the level of each. */
  takeLevels(levelOf: (contact: number) => boolean): void;
}

export interface LockBoardDriverOptions<Config extends LockBoardSettings>
  extends DriverOptions<Config, LockBoardListener> {
  converse(on: BoardLine): BoardConversation;
}

const rules: LinkRules = { device: 'lock board', silentAfterMs: 3000, garbledSetupMs: 4000 };

/** What every lock board has in common: doors with contacts, and an unlock that is never late. */
export function createLockBoardDriver<Config extends LockBoardSettings>(
  options: LockBoardDriverOptions<Config>,
): LockBoard {
  const { config, listener } = options;
  let current: BoardConversation | undefined;
  let contacts = new Map(config.doors.map((door) => [door.door, unknownContact]));

  function takeLevels(levelOf: (contact: number) => boolean): void {
    for (const door of config.doors) {
      const before = contacts.get(door.door) ?? unknownContact;
      const level = levelOf(door.contact) === door.closedWhen ? 'closed' : 'open';
      const after = pollContact(before, level);
      contacts.set(door.door, after);
      if (after.told !== before.told) listener.onDoor(door.door, after.told);
    }
  }

  function forgetContacts(): void {
    const before = contacts;
    contacts = new Map(config.doors.map((door) => [door.door, unknownContact]));
    for (const [door, contact] of before) {
      if (contact.told !== 'unknown') listener.onDoor(door, 'unknown');
    }
  }

  const device = createDeviceLink({
    rules,
    clock: options.clock,
    random: options.random,
    log: options.log,
    connect: async (line) => {
      const link = await options.openLink(config.baudRate);
      current = options.converse({ line, link, takeLevels });
      return current;
    },
    onReport: (report) => listener.onReport(report),
    onDown: () => {
      current = undefined;
      forgetContacts();
    },
  });

  return {
    start: device.start,
    close: device.close,
    unlock: async (number, expiresAtMs) => {
      const door = config.doors.find((one) => one.door === number);
      if (door === undefined) {
        throw new AppError('lock.refused', `there is no door ${number} in the settings`, { kind: 'operator' });
      }
      if (options.clock.monotonicMs() >= expiresAtMs) throw expired(number);
      if (current === undefined) throw notConnected(number);
      await current.unlock(door.relay, expiresAtMs).catch((error: unknown) => {
        throw unlockError(error, number);
      });
    },
  };
}

function unlockError(error: unknown, door: number): AppError {
  if (isAppError(error, 'lock.command_expired')) return expired(door);
  if (isAppError(error, 'reader.refused')) {
    return new AppError('lock.refused', `the lock board refuses to unlock door ${door}`, {
      kind: 'device',
      cause: error,
      detail: error.detail,
    });
  }
  return notConnected(door, error);
}

function expired(door: number): AppError {
  return new AppError('lock.command_expired', `it was too late to unlock door ${door}; badge again`, {
    kind: 'device',
    detail: { door },
  });
}

function notConnected(door: number, cause?: unknown): AppError {
  return new AppError('lock.not_connected', `door ${door} cannot be unlocked: its lock board does not answer`, {
    kind: 'device',
    detail: { door },
    cause,
  });
}
