import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import type { DoorState } from '@tagtrail/shared/mqtt/messages.js';
import { below, chance, pick, type Random } from '@tagtrail/shared/random/random.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type {
  BadgeReaderListener,
  Device,
  DeviceStatus,
  LockBoardListener,
  UhfReaderListener,
} from '../reader/reader.js';
import type { CabinetDevices } from '../session/cabinet.js';

export interface ScriptedCabinet {
  readonly devices: CabinetDevices;
  /** EPCs that lie inside; the test moves them. */
  readonly inside: Set<string>;
  /** Unlocks that reached a lock: the door and the monotonic time. */
  readonly unlocks: { readonly door: number; readonly atMs: number }[];
  badge(number: string): void;
  door(door: number, state: DoorState): void;
  report(device: 'uhf' | 'badge' | 'lock', status: DeviceStatus): void;
  /** What the lock board answers from now on; undefined for yes. */
  refuseUnlock(error: Error | undefined): void;
}

export interface ScriptedCabinetOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly doors?: readonly number[];
  /** What lies inside, where the test keeps it longer than these devices; empty when left out. */
  readonly inside?: Set<string>;
  /** Reads missed for each tag and round, in thousandths. */
  readonly missedPerMille?: number;
  /** Tags outside that are heard weakly, `straysPerRound` of them in each round. */
  readonly strayEpcs?: readonly string[];
  readonly straysPerRound?: number;
}

/** One sweep over all antennas. */
const scriptedRoundMs = 250;

/** Implementations of the device ports that do what a test says, on the test's clock. */
export function createScriptedCabinet(options: ScriptedCabinetOptions): ScriptedCabinet {
  const { clock } = options;
  const doors = new Map<number, DoorState>((options.doors ?? [1]).map((door) => [door, 'closed']));
  const status: Record<'uhf' | 'badge' | 'lock', DeviceStatus> = { uhf: 'ok', badge: 'ok', lock: 'ok' };
  const inside = options.inside ?? new Set<string>();
  const unlocks: { door: number; atMs: number }[] = [];
  let uhfListener: UhfReaderListener | undefined;
  let badgeListener: BadgeReaderListener | undefined;
  let lockListener: LockBoardListener | undefined;
  let unlockError: Error | undefined;
  let rounds: Timer | undefined;

  const round = (): void => {
    if (status.uhf !== 'ok' || uhfListener === undefined) return;
    for (const read of readsOf(options, inside)) uhfListener.onRead(read);
    uhfListener.onRoundEnd();
  };
  const tell = (device: 'uhf' | 'badge' | 'lock'): void => {
    const listener = { uhf: uhfListener, badge: badgeListener, lock: lockListener }[device];
    listener?.onReport({ status: status[device], detail: null });
  };

  const device = (role: 'uhf' | 'badge' | 'lock', begin: () => void): Device => ({
    start: () => {
      begin();
      tell(role);
    },
    close: async () => rounds?.cancel(),
  });

  return {
    inside,
    unlocks,
    devices: {
      uhf: (listener) => {
        uhfListener = listener;
        return device('uhf', () => {
          rounds = repeat(clock, 'scripted.round', scriptedRoundMs, round);
        });
      },
      badge: (listener) => {
        badgeListener = listener;
        return device('badge', () => {});
      },
      lock: (listener) => {
        lockListener = listener;
        const begin = (): void => {
          for (const [door, state] of doors) listener.onDoor(door, state);
        };
        return {
          ...device('lock', begin),
          unlock: async (door) => {
            if (unlockError !== undefined) throw unlockError;
            unlocks.push({ door, atMs: clock.monotonicMs() });
          },
        };
      },
    },
    badge: (number) => badgeListener?.onBadge(number),
    door: (door, state) => {
      doors.set(door, state);
      lockListener?.onDoor(door, state);
    },
    report: (role, next) => {
      status[role] = next;
      tell(role);
    },
    refuseUnlock: (error) => {
      unlockError = error;
    },
  };
}

/** What one sweep hears: the tags inside, but for the missed ones, and some of those outside. */
function* readsOf(options: ScriptedCabinetOptions, inside: ReadonlySet<string>): Generator<TagRead> {
  const { random, clock, strayEpcs = [], straysPerRound = 0 } = options;
  const read = (epc: string, rssiDbm: number): TagRead => {
    return { epc, antenna: 1 + below(random, 4), rssiDbm, count: 1, atMs: clock.monotonicMs() };
  };
  for (const epc of inside) {
    if (!chance(random, options.missedPerMille ?? 0, 1000)) yield read(epc, -62 + below(random, 20));
  }
  for (let i = 0; i < straysPerRound; i++) yield read(pick(random, strayEpcs), -82 + below(random, 12));
}
