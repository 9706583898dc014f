import { AppError, errorText, isAppError } from '@tagtrail/shared/error.js';
import { repeat, sleep, type Timer } from '@tagtrail/shared/time/clock.js';
import type { ModbusConfig } from '../../device-config.js';
import type { DriverOptions } from '../device-link.js';
import { type BoardConversation, type BoardLine, createLockBoardDriver } from '../lock-board-driver.js';
import type { LockBoard, LockBoardListener } from '../reader.js';
import { createModbusBus, type ModbusBus } from './modbus-bus.js';

export type ModbusLockBoardOptions = DriverOptions<ModbusConfig, LockBoardListener>;

const pollMs = 100;
const responseTimeoutMs = 250;
const failedPollsUntilSilent = 3;

/** Waveshare's register map: pulse "on, then off by itself" per relay, and the mode of each relay. */
const pulseAddress = 0x0200;
const modeAddress = 0x1000;
const pulseUnitMs = 100;

/** How long a relay rests between two pulses, for the contacts of the relay and the latch behind it. */
const restMs = 100;

/**
 * A Modbus RTU board with relays for the locks and inputs for the door contacts (protocols.md
 * section 5.3). The board times the pulse itself: no crash of ours can leave a lock energised.
 */
export function createModbusLockBoard(options: ModbusLockBoardOptions): LockBoard {
  return createLockBoardDriver({ ...options, converse: (on) => converse({ ...options, ...on }) });
}

type ConverseOptions = ModbusLockBoardOptions & BoardLine;

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
  /** When the last pulse of each relay ends, monotonic. */
  const drivenUntil = new Map<number, number>();

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

  /**
   * A latch draws its bolt when the drive begins. Whoever comes while the last pulse still runs would find
   * the door locked although the board says yes, so the relay rests first.
   */
  async function endLastPulse(relay: number, isDue: () => boolean): Promise<void> {
    if ((drivenUntil.get(relay) ?? 0) <= clock.monotonicMs()) return;
    if (await bus.writeCoil(relay, 0, isDue)) await sleep(clock, 'lock.rest', restMs);
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
        await endLastPulse(relay, isDue);
        drivenUntil.set(relay, clock.monotonicMs() + value * pulseUnitMs);
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
