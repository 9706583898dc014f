import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUhfReader } from '@tagtrail/edge/device-drivers.js';
import { linkOpener } from '@tagtrail/edge/serial/open-link.js';
import { type DriverConfigs, serialUhfConfigs } from '@tagtrail/edge/testing/driver-bench.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cabinetFile } from '../src/serve/cabinet-file.js';
import { serveCabinet } from '../src/serve/serve.js';

const tool = '3034257BF7194E4000001A85';

const until = async (condition: () => boolean): Promise<void> => {
  await vi.waitUntil(condition, { timeout: 20_000, interval: 10 });
};

async function startReader(config: DriverConfigs['uhf'], folder: string) {
  const antenna = config.antennas.at(-1) ?? 1;
  const file = cabinetFile.parse({
    ...{ name: 'B1', doors: [{ id: 1 }], antennas: config.antennas.length, devices: { uhf: config.driver } },
    tags: [{ epc: tool, antenna }],
  });
  const served = await serveCabinet({ file, controlPort: 0, linksFolder: folder }, { clock: systemClock });
  const heard: number[] = [];
  let rounds = 0;
  let status = 'starting';
  const reader = createUhfReader(config, {
    ...{ clock: systemClock, random: systemRandom, log: silentLog },
    openLink: linkOpener(join(folder, 'uhf')),
    listener: {
      onRead: (read) => {
        if (read.epc === tool) heard.push(read.antenna);
      },
      onRoundEnd: () => {
        rounds++;
      },
      onReport: (report) => {
        status = report.status;
      },
    },
  });
  reader.start();
  return { served, reader, antenna, heard, rounds: () => rounds, status: () => status };
}

describe('the further families of UHF readers over real pseudo-terminals', () => {
  const folders: string[] = [];

  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it.each(serialUhfConfigs)('$driver reads, loses its cable, and reads again', async (config) => {
    const folder = mkdtempSync(join(tmpdir(), 'tagtrail-uhf-'));
    folders.push(folder);
    const running = await startReader(config, folder);
    await until(() => running.status() === 'ok' && running.rounds() >= 3 && running.heard.includes(running.antenna));
    running.served.cabinet.faults.begin({ fault: 'unplug', device: 'uhf' });
    await until(() => running.status() === 'unplugged');
    running.served.cabinet.faults.end({ fault: 'unplug', device: 'uhf' });
    running.heard.length = 0;
    await until(() => running.status() === 'ok' && running.heard.includes(running.antenna));
    expect(running.status()).toBe('ok');
    await running.reader.close();
    await running.served.close();
  });
});
