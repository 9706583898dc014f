import { afterEach, describe, expect, it } from 'vitest';
import {
  type CabinetBench,
  type DriverConfigs,
  type Drivers,
  noticeMs,
  startDrivers,
  tool,
  usualConfigs,
} from './driver-bench.js';
import { describePlans } from './plan.contract.js';

/** What a family of UHF readers cannot do by its nature. */
function familyTraits({ driver, antennas }: DriverConfigs['uhf']) {
  return {
    /** An M100 and a Chafon 18 have one antenna, and no means to notice that it is gone. */
    sensesAntennas: antennas.length > 1,
    /** A Chafon keeps its settings without power, so that there is nothing to tell. */
    forgetsSettings: driver !== 'chafon',
    /** The others ask every tag in every sweep. */
    takesPlans: driver === 'mercury',
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

    describePlans({ ready, configs, takesPlans: family.takesPlans });

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
