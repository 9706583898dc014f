import { AppError, errorText, isAppError } from '@tagtrail/shared/error.js';
import { repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { ModbusConfig } from '../../device-config.js';
import { type Conversation, createDeviceLink, type DriverOptions, type Line } from '../device-link.js';
import type { LinkRules } from '../link-machine.js';
import type { LockBoard, LockBoardListener } from '../reader.js';
import { pollContact, unknownContact } from './contact-debounce.js';
import { createModbusBus, type ModbusBus } from './modbus-bus.js';

export type ModbusLockBoardOptions = DriverOptions<ModbusConfig, LockBoardListener>;

const rules: LinkRules = { device: 'lock board', silentAfterMs: 3000, garbledSetupMs: 4000 };
const pollMs = 100;
const responseTimeoutMs = 250;
const failedPollsUntilSilent = 3;

/** Waveshare's register map: pulse "on, then off by itself" per relay, and the mode of each relay. */
const pulseAddress = 0x0200;
const modeAddress = 0x1000;
const pulseUnitMs = 100;

interface BoardConversation extends Conversation {
  unlock(relay: number, expiresAtMs: number): Promise<void>;
}

/**
 * A Modbus RTU board with relays for the locks and inputs for the door contacts (protocols.md
 * section 5.3). The board times the pulse itself: no crash of ours can leave a lock energised.
 */
export function createModbusLockBoard(options: ModbusLockBoardOptions): LockBoard {
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
      current = converse({ ...options, line, link, takeLevels });
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

interface ConverseOptions extends ModbusLockBoardOptions {
  readonly line: Line;
  readonly link: Conversation['link'];
  readonly takeLevels: (levelOf: (contact: number) => boolean) => void;
}

function converse({ config, clock, log, line, link, takeLevels }: ConverseOptions): BoardConversation {
  const bus = createModbusBus({
    link,
    clock,
    unitId: config.unitId,
    timeoutMs: responseTimeoutMs,
    onValid: line.valid,
    onDiscard: line.discarded,
  });
  const first = Math.min(...config.doors.map((door) => door.contact));
  const count = Math.max(...config.doors.map((door) => door.contact)) - first + 1;
  let polling: Timer | undefined;
  let configured = false;
  let failures = 0;

  const readLevels = async (): Promise<(contact: number) => boolean> => {
    const levels = await bus.readInputs(first, count);
    return (contact) => levels[contact - first] ?? false;
  };

  async function poll(): Promise<void> {
    try {
      const levelOf = await readLevels();
      failures = 0;
      takeLevels(levelOf);
    } catch (error) {
      if (isAppError(error, 'serial.link_lost')) return;
      failures++;
      log.debug({ detail: errorText(error), failures }, 'edge.lock.poll_failed');
      if (failures >= failedPollsUntilSilent) line.unanswered();
    }
  }

  return {
    link,
    configure: async () => {
      for (const door of config.doors) await clearMode(bus, door.relay);
      await readLevels();
      configured = true;
      polling = repeat(clock, 'lock.poll', pollMs, poll);
    },
    unlock: async (relay, expiresAtMs) => {
      if (!configured) throw new AppError('serial.link_lost', 'the lock board is not ready', { kind: 'device' });
      const isDue = (): boolean => clock.monotonicMs() < expiresAtMs;
      const value = Math.min(0xffff, Math.max(1, Math.ceil(config.pulseMs / pulseUnitMs)));
      const write = (): Promise<boolean> => bus.writeCoil(pulseAddress + relay, value, isDue);
      let written: boolean;
      try {
        written = await write().catch((error: unknown) => {
          if (isAppError(error, 'reader.unanswered') && isDue()) return write();
          throw error;
        });
      } catch (error) {
        // Bytes that a stalled line still holds must not reach the lock later.
        if (isAppError(error, 'reader.unanswered')) line.unanswered();
        throw error;
      }
      if (!written) throw new AppError('lock.command_expired', 'too late to unlock', { kind: 'device' });
    },
    end: () => {
      polling?.cancel();
      bus.end();
    },
  };
}

/** A relay in another mode than 0 follows its input: a door switch could drive the lock. */
async function clearMode(bus: ModbusBus, relay: number): Promise<void> {
  try {
    if ((await bus.readRegister(modeAddress + relay)) !== 0) await bus.writeRegister(modeAddress + relay, 0);
  } catch (error) {
    // A board without mode registers has no modes.
    if (!isAppError(error, 'reader.refused')) throw error;
  }
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
