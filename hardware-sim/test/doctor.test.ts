import { parseEdgeConfig } from '@tagtrail/edge/config.js';
import { type DoctorReport, examinePorts, examineSettings, reportText } from '@tagtrail/edge/doctor/doctor.js';
import type { ProbeOptions } from '@tagtrail/edge/doctor/probe.js';
import { linkOpener } from '@tagtrail/edge/serial/open-link.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterEach, describe, expect, it } from 'vitest';
import { cabinetFile } from '../src/serve/cabinet-file.js';
import { type ServedCabinet, serveCabinet } from '../src/serve/serve.js';

const tag = (antenna: number) => ({ epc: `3034257BF7194E4000001A8${antenna}`, antenna });

describe('the doctor at a simulated cabinet', () => {
  let served: ServedCabinet | undefined;
  afterEach(async () => {
    await served?.close();
  });

  const serve = async (antennas: readonly number[]): Promise<ServedCabinet> => {
    const file = cabinetFile.parse({ name: 'B1', doors: [{ id: 1, swingMs: 0 }], tags: antennas.map(tag) });
    served = await serveCabinet({ file, controlPort: 0 }, { clock: systemClock });
    return served;
  };
  /** What somebody in front of the cabinet does when asked. */
  const options = (cabinet: ServedCabinet): ProbeOptions => ({
    ...{ clock: systemClock, random: seededRandom('doctor'), log: silentLog },
    openLink: (path) => linkOpener(path),
    patience: { answerMs: 8_000, readMs: 1_500, badgeMs: 8_000, doorMs: 8_000 },
    ask: (sentence) => {
      if (sentence.startsWith('Present')) cabinet.cabinet.badgeReader.present('3E00A1B2C3', 600);
      if (!sentence.startsWith('Open door')) return;
      cabinet.cabinet.openDoor(1, true);
      systemClock.startTimer('test', 600, () => void cabinet.cabinet.pushDoor(1));
    },
  });
  const wrong = ({ findings }: DoctorReport) => findings.filter(({ ok }) => !ok).map(({ found }) => found);

  it('names the device on each port and finds all well', { timeout: 120_000 }, async () => {
    const cabinet = await serve([1, 2, 3, 4]);
    const { lock, badge, uhf } = cabinet.ports;
    const ports = [lock, badge, uhf].map((path) => ({ path, stablePath: null, maker: null }));
    const report = await examinePorts(ports, options(cabinet));
    expect(report.ports.map(({ path, device }) => [path, device?.driver])).toEqual([
      [lock, 'modbus'],
      [badge, 'rdm6300'],
      [uhf, 'mercury'],
    ]);
    expect([wrong(report), report.ok]).toEqual([[], true]);
    expect(reportText(report)).toContain('Door 1 was seen to open and to close.');
    expect(reportText(report)).toMatch(/The reader is at \d+ degrees Celsius\./);
    expect(reportText(report)).toContain('Antenna 4 is connected.');
    expect(reportText(report)).toMatch(/Antenna 4 reads [1-9][\d.]* times a second/);
  });

  it('says what to mend: antennas that read nothing, a door the wrong way round, a port that is gone', async () => {
    const cabinet = await serve([]);
    const { lock, uhf } = cabinet.ports;
    const doors = [{ door: 1, relay: 0, contact: 0, closedWhen: false }];
    const { devices } = parseEdgeConfig(
      JSON.stringify({
        ...{ credentials: 'c', data: 'd' },
        devices: { uhf: { path: uhf }, badge: { path: '/dev/pts/none' }, lock: { path: lock, doors } },
      }),
    );
    const report = await examineSettings(devices, options(cabinet));
    expect(wrong(report)).toEqual([
      ...[1, 2, 3, 4].map((antenna) => `Antenna ${antenna} reads 0 times a second (0 tags over all antennas).`),
      'Door 1 reads open.',
      'The badge reader (rdm6300) does not work: unplugged.',
    ]);
    expect(reportText(report)).toContain('set closedWhen of door 1 to the other value');
  });
});
