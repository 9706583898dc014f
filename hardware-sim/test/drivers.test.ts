import type { OpenLinkAt } from '@tagtrail/edge/serial/open-link.js';
import {
  type BenchDevice,
  type CabinetBench,
  type DriverConfigs,
  serialUhfConfigs,
  usualConfigs,
} from '@tagtrail/edge/testing/driver-bench.js';
import { describeDrivers } from '@tagtrail/edge/testing/reader.contract.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { createCabinet } from '../src/serve/cabinet.js';
import { readerOf } from '../src/serve/cabinet-devices.js';
import { type CabinetFile, cabinetFile, type DeviceName } from '../src/serve/cabinet-file.js';
import { createMemoryLine } from '../src/serve/memory.js';

/** How each trouble of the contract is made on the simulated lines. */
const faultOf = {
  unplug: () => ({ fault: 'unplug' }),
  silent: () => ({ fault: 'silent' }),
  'antenna-lost': () => ({ fault: 'antenna-lost', options: { antenna: 2 } }),
  'reader-restart': () => ({ fault: 'reader-restart' }),
  // Corrupted requests reach no board, and a badge reader that says nothing has no bytes to corrupt.
  noise: (device: BenchDevice) =>
    device === 'uhf'
      ? { fault: 'corrupt-bytes', options: { percent: 20 } }
      : { fault: 'noise', options: { everyMs: 50, bytes: 32 } },
} as const;

async function createSimulatedBench(devices: Partial<CabinetFile['devices']> = {}): Promise<CabinetBench> {
  const clock = new VirtualClock();
  const random = seededRandom('drivers');
  const memory = { uhf: createMemoryLine(), badge: createMemoryLine(), lock: createMemoryLine() };
  const file = cabinetFile.parse({
    ...{ name: 'B1', doors: [{ id: 1 }], devices },
    antennas: devices.uhf === 'm100' || devices.uhf === 'chafon-18' ? 1 : 4,
  });
  const cabinet = createCabinet({
    file,
    seed: file.seed,
    clock,
    random,
    openPort: { uhf: memory.uhf.openPort, badge: memory.badge.openPort, lock: memory.lock.openPort },
    buildReader: readerOf(file.devices.uhf),
  });
  cabinet.start();
  const opener =
    (device: DeviceName): OpenLinkAt =>
    () =>
      memory[device].openLink();
  return {
    clock,
    openLink: { uhf: opener('uhf'), badge: opener('badge'), lock: opener('lock') },
    pass: (ms) => clock.advance(ms),
    place: (epc, antenna) => cabinet.placeTag({ epc, label: epc, inside: true, antenna, shadowed: false }),
    remove: (epc) => cabinet.removeTag(epc),
    holdBadge: (number, forMs) => cabinet.badgeReader.present(number, forMs),
    openDoor: () => {
      const door = cabinet.doors()[0];
      return door?.open(false) === 'opened';
    },
    closeDoor: () => cabinet.closeDoor(1),
    begin: (fault, device) => cabinet.faults.begin({ ...faultOf[fault](device), device }),
    end: (fault, device) => cabinet.faults.end({ ...faultOf[fault](device), device }),
    close: () => cabinet.close(),
  };
}

describeDrivers('the simulated cabinet', createSimulatedBench);

/** Each further family in place of the usual one, with the settings that a cabinet with it has. */
const kerong = { path: 'lock', baudRate: 19_200, board: 0, doors: usualConfigs.lock.doors } as const;

const otherFamilies: readonly Partial<DriverConfigs>[] = [
  ...serialUhfConfigs.map((uhf) => ({ uhf })),
  { uhf: { driver: 'llrp', host: '127.0.0.1', port: 5084, antennas: [1, 2, 3, 4], searchMs: 250 } },
  { badge: { driver: 'osdp', path: 'badge', baudRate: 9600, address: 0, secureKey: null, giveKey: false, digits: 10 } },
  { lock: { driver: 'kerong-cu16', ...kerong } },
  { lock: { driver: 'kerong-cu48', ...kerong } },
  {
    badge: {
      ...{ driver: 'ascii', path: 'badge', baudRate: 9600, terminator: 'crlf', prefix: '', suffix: '' },
      ...{ pattern: '^([0-9A-Fa-f]+)$', radix: 16, digits: 10, debounceMs: 500 },
    },
  },
];

for (const other of otherFamilies) {
  const devices = Object.fromEntries(Object.entries(other).map(([device, { driver }]) => [device, driver]));
  const name = `a cabinet with ${Object.values(devices).join(' and ')}`;
  describeDrivers(name, () => createSimulatedBench(devices), { ...usualConfigs, ...other });
}

/** The older family of the same driver, with its one antenna and without strengths. */
const chafon18: DriverConfigs['uhf'] = {
  ...{ driver: 'chafon', path: 'uhf', baudRate: 57_600, antennas: [1], readPowerDbm: 27, region: 'eu3' },
  ...{ searchMs: 300, antennaCheck: true, rssiOffsetDb: -130 },
};
describeDrivers('a cabinet with chafon-18', () => createSimulatedBench({ uhf: 'chafon-18' }), {
  ...usualConfigs,
  uhf: chafon18,
});
