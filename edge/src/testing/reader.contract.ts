import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import type { DoorState } from '@tagtrail/shared/mqtt/messages.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { EdgeConfig } from '../config.js';
import { createBadgeReader, createLockBoard, createUhfReader } from '../device-drivers.js';
import type { Device, DeviceReport, LockBoard } from '../reader/reader.js';
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

interface Drivers {
  readonly bench: CabinetBench;
  readonly uhf: Device;
  readonly badge: Device;
  readonly lock: LockBoard;
  readonly reports: Record<BenchDevice, DeviceReport[]>;
  readonly reads: TagRead[];
  readonly badges: string[];
  readonly doors: DoorState[];
  rounds(): number;
  status(device: BenchDevice): DeviceReport['status'] | undefined;
}

const tool = '3034257BF7194E4000001A85';

/** The time within which every trouble is told and every recovery is done. */
const noticeMs = 10_000;

function startDrivers(bench: CabinetBench, configs: DriverConfigs): Drivers {
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

/** What a family of UHF readers cannot do by its nature. */
function familyTraits({ driver, antennas }: DriverConfigs['uhf']) {
  return {
    /** An M100 and a Chafon 18 have one antenna, and no means to notice that it is gone. */
    sensesAntennas: antennas.length > 1,
    /** A Chafon keeps its settings without power, so that there is nothing to tell. */
    forgetsSettings: driver !== 'chafon',
  };
}

/** What the three drivers promise the agent, whatever cabinet they talk to. */
export function describeDrivers(
  name: string,
  createBench: () => Promise<CabinetBench>,
  configs: DriverConfigs = usualConfigs,
): void {
  describe(`drivers with ${name}`, () => {
    const started: Drivers[] = [];
    const antenna = configs.uhf.antennas.at(-1) ?? 1;
    const family = familyTraits(configs.uhf);

    async function ready(): Promise<Drivers> {
      const drivers = startDrivers(await createBench(), configs);
      started.push(drivers);
      await drivers.bench.pass(3000);
      return drivers;
    }

    afterEach(async () => {
      for (const { bench, uhf, badge, lock } of started.splice(0)) {
        const closing = Promise.all([uhf.close(), badge.close(), lock.close()]);
        await bench.pass(500);
        await closing;
        bench.close();
      }
    });

    it('are all well soon after the start', async () => {
      const drivers = await ready();
      for (const device of ['uhf', 'badge', 'lock'] as const) {
        expect(drivers.reports[device], device).toEqual([{ status: 'ok', detail: null }]);
      }
    });

    it('read a tag in every sweep, with its antenna', async () => {
      const drivers = await ready();
      drivers.bench.place(tool, antenna);
      await drivers.bench.pass(600);
      drivers.reads.length = 0;
      const before = drivers.rounds();
      await drivers.bench.pass(5000);
      const sweeps = drivers.rounds() - before;
      expect(sweeps).toBeGreaterThanOrEqual(15);
      const mine = drivers.reads.filter((read) => read.epc === tool && read.antenna === antenna);
      expect(mine.length).toBeGreaterThanOrEqual(sweeps / 2);
      expect(mine.every((read) => read.rssiDbm < 0 && read.rssiDbm > -100 && read.count >= 1)).toBe(true);
    });

    it('read a tag no more that was taken out', async () => {
      const drivers = await ready();
      drivers.bench.place(tool, 1);
      await drivers.bench.pass(1000);
      drivers.bench.remove(tool);
      await drivers.bench.pass(500);
      drivers.reads.length = 0;
      await drivers.bench.pass(2000);
      expect(drivers.reads.filter((read) => read.epc === tool)).toEqual([]);
    });

    it('report a held badge once', async () => {
      const drivers = await ready();
      drivers.bench.holdBadge('1F00644BB6', 2000);
      await drivers.bench.pass(3000);
      expect(drivers.badges).toEqual(['1F00644BB6']);
    });

    it('unlock the door and follow its contact', async () => {
      const drivers = await ready();
      expect(drivers.bench.openDoor()).toBe(false);
      const unlocking = drivers.lock.unlock(1, drivers.bench.clock.monotonicMs() + 2000);
      await drivers.bench.pass(500);
      await unlocking;
      expect(drivers.bench.openDoor()).toBe(true);
      await drivers.bench.pass(1000);
      drivers.bench.closeDoor();
      await drivers.bench.pass(1000);
      expect(drivers.doors).toEqual(['closed', 'open', 'closed']);
    });

    it.each(['uhf', 'badge', 'lock'] as const)('say that %s is unplugged, and recover', async (device) => {
      const drivers = await ready();
      drivers.bench.begin('unplug', device);
      await drivers.bench.pass(noticeMs);
      expect(drivers.status(device)).toBe('unplugged');
      drivers.bench.end('unplug', device);
      await drivers.bench.pass(noticeMs);
      expect(drivers.status(device)).toBe('ok');
    });

    it.each(['uhf', 'lock'] as const)('say that %s is silent, and recover', async (device) => {
      const drivers = await ready();
      drivers.bench.begin('silent', device);
      await drivers.bench.pass(noticeMs);
      expect(drivers.status(device)).toBe('silent');
      drivers.bench.end('silent', device);
      await drivers.bench.pass(noticeMs);
      expect(drivers.status(device)).toBe('ok');
    });

    it.each(['uhf', 'badge', 'lock'] as const)('say that the line of %s is garbled, and recover', async (device) => {
      const drivers = await ready();
      drivers.bench.begin('noise', device);
      await drivers.bench.pass(noticeMs);
      expect(drivers.status(device)).toBe('garbled');
      drivers.bench.end('noise', device);
      await drivers.bench.pass(2 * noticeMs);
      expect(drivers.status(device)).toBe('ok');
    });

    it.runIf(family.sensesAntennas)('count no sweep while the cable of an antenna is off', async () => {
      const drivers = await ready();
      drivers.bench.begin('antenna-lost', 'uhf');
      await drivers.bench.pass(1000);
      expect(drivers.reports.uhf.at(-1)).toEqual({ status: 'faulty', detail: expect.stringContaining('antenna') });
      const before = drivers.rounds();
      await drivers.bench.pass(noticeMs);
      expect(drivers.rounds()).toBe(before);
      drivers.bench.end('antenna-lost', 'uhf');
      await drivers.bench.pass(noticeMs);
      expect(drivers.status('uhf')).toBe('ok');
    });

    it('set a reader up again that restarted, and read on', async () => {
      const drivers = await ready();
      drivers.bench.place(tool, antenna);
      drivers.bench.begin('reader-restart', 'uhf');
      await drivers.bench.pass(noticeMs);
      const told = family.forgetsSettings ? ['ok', 'faulty', 'ok'] : ['ok'];
      expect(drivers.reports.uhf.map((report) => report.status)).toEqual(told);
      drivers.reads.length = 0;
      await drivers.bench.pass(2000);
      expect(drivers.reads.some((read) => read.epc === tool)).toBe(true);
    });

    it('never unlock late: a command for a board that is away is gone', async () => {
      const drivers = await ready();
      drivers.bench.begin('unplug', 'lock');
      await drivers.bench.pass(noticeMs);
      const outcome = drivers.lock.unlock(1, drivers.bench.clock.monotonicMs() + 600_000).catch((error) => error.code);
      await drivers.bench.pass(100);
      expect(await outcome).toBe('lock.not_connected');
      drivers.bench.end('unplug', 'lock');
      await drivers.bench.pass(noticeMs);
      expect(drivers.status('lock')).toBe('ok');
      expect(drivers.bench.openDoor()).toBe(false);
    });
  });
}
