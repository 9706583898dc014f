import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import type { DoorState } from '@tagtrail/shared/mqtt/messages.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { EdgeConfig } from '../config.js';
import { createBadgeReader, createLockBoard, createUhfReader } from '../device-drivers.js';
import type { Device, DeviceReport, LockBoard, UhfReader } from '../reader/reader.js';
import type { OpenLinkAt } from '../serial/open-link.js';

export type BenchDevice = 'uhf' | 'badge' | 'lock';

export type BenchFault = 'unplug' | 'noise' | 'silent' | 'reader-restart' | 'antenna-lost';

/** A cabinet's devices, real or simulated, with four antennas and one door (relay 0, input 0). */
export interface CabinetBench {
  readonly clock: Clock;
  readonly openLink: Readonly<Record<BenchDevice, OpenLinkAt>>;
  /** Lets time pass on the bench's clock. */
  pass(ms: number): Promise<void>;
  place(epc: string, antenna: number): void;
  remove(epc: string): void;
  holdBadge(number: string, forMs: number): void;
  /** True when the door could be opened. */
  openDoor(): boolean;
  closeDoor(): void;
  begin(fault: BenchFault, device: BenchDevice): void;
  end(fault: BenchFault, device: BenchDevice): void;
  close(): void;
}

/** The settings of the three devices, whichever families they are of. */
export type DriverConfigs = EdgeConfig['devices'];

export const usualConfigs = {
  uhf: {
    driver: 'mercury',
    path: 'uhf',
    baudRate: 115_200,
    antennas: [1, 2, 3, 4],
    readPowerDbm: 27,
    region: 'eu3',
    searchMs: 250,
  },
  badge: { driver: 'rdm6300', path: 'badge', baudRate: 9600 },
  lock: {
    driver: 'modbus',
    path: 'lock',
    baudRate: 9600,
    unitId: 1,
    pulseMs: 2000,
    doors: [{ door: 1, relay: 0, contact: 0, closedWhen: true }],
  },
} satisfies DriverConfigs;

/** The other families of UHF readers on a serial line. */
export const serialUhfConfigs: readonly DriverConfigs['uhf'][] = [
  {
    ...{ driver: 'chafon', path: 'uhf', baudRate: 57_600, antennas: [1, 2, 3, 4], readPowerDbm: 27 },
    ...{ region: 'eu3', searchMs: 300, antennaCheck: true, rssiOffsetDb: -130 },
  },
  {
    ...{ driver: 'm100', path: 'uhf', baudRate: 115_200, antennas: [1], readPowerDbm: 20 },
    ...{ region: 'eu3', searchMs: 250 },
  },
];

/** The three drivers at a bench, and what they told. */
export interface Drivers {
  readonly bench: CabinetBench;
  readonly uhf: UhfReader;
  readonly badge: Device;
  readonly lock: LockBoard;
  readonly reports: Record<BenchDevice, DeviceReport[]>;
  readonly reads: TagRead[];
  readonly badges: string[];
  readonly doors: DoorState[];
  rounds(): number;
  status(device: BenchDevice): DeviceReport['status'] | undefined;
}

export const tool = '3034257BF7194E4000001A85';

/** The time within which every trouble is told and every recovery is done. */
export const noticeMs = 10_000;

export function startDrivers(bench: CabinetBench, configs: DriverConfigs): Drivers {
  const reports: Drivers['reports'] = { uhf: [], badge: [], lock: [] };
  const reads: TagRead[] = [];
  const badges: string[] = [];
  const doors: DoorState[] = [];
  let rounds = 0;
  const common = { clock: bench.clock, random: seededRandom('contract'), log: silentLog };
  const uhf = createUhfReader(configs.uhf, {
    ...common,
    openLink: bench.openLink.uhf,
    listener: {
      onRead: (read) => reads.push(read),
      onRoundEnd: () => {
        rounds++;
      },
      onReport: (report) => reports.uhf.push(report),
    },
  });
  const badge = createBadgeReader(configs.badge, {
    ...common,
    openLink: bench.openLink.badge,
    listener: { onBadge: (number) => badges.push(number), onReport: (report) => reports.badge.push(report) },
  });
  const lock = createLockBoard(configs.lock, {
    ...common,
    openLink: bench.openLink.lock,
    listener: { onDoor: (_door, state) => doors.push(state), onReport: (report) => reports.lock.push(report) },
  });
  for (const device of [uhf, badge, lock]) device.start();
  const status: Drivers['status'] = (device) => reports[device].at(-1)?.status;
  return { bench, uhf, badge, lock, reports, reads, badges, doors, rounds: () => rounds, status };
}
