import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMercuryReader } from '@tagtrail/edge/reader/mercury/mercury-reader.js';
import { createModbusLockBoard } from '@tagtrail/edge/reader/modbus/modbus-lock-board.js';
import { createRdm6300Reader } from '@tagtrail/edge/reader/rdm6300/rdm6300-reader.js';
import { linkOpener } from '@tagtrail/edge/serial/open-link.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cabinetFile, type DeviceName } from '../src/serve/cabinet-file.js';
import { type ServedCabinet, serveCabinet } from '../src/serve/serve.js';

const tool = '3034257BF7194E4000001A85';
const file = cabinetFile.parse({ name: 'B1', doors: [{ id: 1 }], tags: [{ epc: tool, antenna: 2 }] });

const until = async (condition: () => boolean): Promise<void> => {
  await vi.waitUntil(condition, { timeout: 20_000, interval: 10 });
};

describe('the drivers over real pseudo-terminals', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-drivers-'));
  const status: Partial<Record<DeviceName, string>> = {};
  const reads: { epc: string; antenna: number }[] = [];
  const badges: string[] = [];
  const doors: string[] = [];
  let served: ServedCabinet;

  const common = { clock: systemClock, random: systemRandom, log: silentLog };
  const link = (device: DeviceName) => linkOpener(join(folder, device));
  const report = (device: DeviceName) => (told: { status: string }) => {
    status[device] = told.status;
  };
  const uhf = createMercuryReader({
    ...common,
    openLink: link('uhf'),
    config: {
      driver: 'mercury',
      path: 'uhf',
      baudRate: 115_200,
      antennas: [1, 2, 3, 4],
      readPowerDbm: 27,
      region: 'eu3',
      searchMs: 250,
    },
    listener: { onRead: (read) => reads.push(read), onRoundEnd: () => {}, onReport: report('uhf') },
  });
  const badge = createRdm6300Reader({
    ...common,
    openLink: link('badge'),
    config: { driver: 'rdm6300', path: 'badge', baudRate: 9600 },
    listener: { onBadge: (number) => badges.push(number), onReport: report('badge') },
  });
  const lock = createModbusLockBoard({
    ...common,
    openLink: link('lock'),
    config: {
      driver: 'modbus',
      path: 'lock',
      baudRate: 9600,
      unitId: 1,
      pulseMs: 2000,
      doors: [{ door: 1, relay: 0, contact: 0, closedWhen: true }],
    },
    listener: { onDoor: (_door, state) => doors.push(state), onReport: report('lock') },
  });

  beforeAll(async () => {
    served = await serveCabinet({ file, controlPort: 0, linksFolder: folder }, { clock: systemClock });
    for (const device of [uhf, badge, lock]) device.start();
  });
  afterAll(async () => {
    await Promise.all([uhf.close(), badge.close(), lock.close()]);
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('read, badge, unlock and see the door', async () => {
    await until(() => status.uhf === 'ok' && status.badge === 'ok' && status.lock === 'ok');
    await until(() => reads.some((read) => read.epc === tool && read.antenna === 2));
    served.cabinet.badgeReader.present('1F00644BB6', 300);
    await until(() => badges.length > 0);
    expect(badges).toEqual(['1F00644BB6']);
    await lock.unlock(1, systemClock.monotonicMs() + 5000);
    served.cabinet.openDoor(1, false);
    await until(() => doors.at(-1) === 'open');
    served.cabinet.closeDoor(1);
    await until(() => doors.at(-1) === 'closed');
  });

  it('notice a cable that is pulled while bytes are on it, and come back under another path', async () => {
    served.cabinet.faults.begin({ fault: 'unplug', device: 'uhf' });
    await until(() => status.uhf === 'unplugged');
    served.cabinet.faults.end({ fault: 'unplug', device: 'uhf' });
    reads.length = 0;
    await until(() => status.uhf === 'ok' && reads.length > 0);
    expect(reads[0]?.epc).toBe(tool);
  });
});
