import { createLlrpReader } from '@tagtrail/edge/reader/llrp/llrp-reader.js';
import { linkOpener } from '@tagtrail/edge/serial/open-link.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cabinetFile } from '../src/serve/cabinet-file.js';
import { type ServedCabinet, serveCabinet } from '../src/serve/serve.js';

const tool = '3034257BF7194E4000001A85';
const file = cabinetFile.parse({
  name: 'B1',
  doors: [{ id: 1 }],
  tags: [{ epc: tool, antenna: 2 }],
  devices: { uhf: 'llrp' },
});

const until = async (condition: () => boolean): Promise<void> => {
  await vi.waitUntil(condition, { timeout: 20_000, interval: 10 });
};

describe('an LLRP reader over TCP', () => {
  let served: ServedCabinet;
  let reader: ReturnType<typeof createLlrpReader>;
  const reads: { epc: string; antenna: number }[] = [];
  let rounds = 0;
  let status = '';

  beforeAll(async () => {
    served = await serveCabinet({ file, controlPort: 0 }, { clock: systemClock });
    const port = Number(new URL(served.ports.uhf).port);
    reader = createLlrpReader({
      ...{ clock: systemClock, random: systemRandom, log: silentLog },
      config: { driver: 'llrp', host: '127.0.0.1', port, antennas: [1, 2, 3, 4], searchMs: 100 },
      openLink: linkOpener(served.ports.uhf),
      listener: {
        onRead: (read) => reads.push(read),
        onRoundEnd: () => {
          rounds++;
        },
        onReport: (report) => {
          status = report.status;
        },
      },
    });
    reader.start();
  });
  afterAll(async () => {
    await reader.close();
    await served.close();
  });

  it('is found, reads, and ends its rounds', async () => {
    await until(() => status === 'ok' && rounds >= 3);
    expect(reads.some((read) => read.epc === tool && read.antenna === 2)).toBe(true);
    const { reports, reads: taken, rejected } = reader.counters();
    expect(reports).toBe(taken + rejected);
  });

  it('comes back after its network cable was pulled', async () => {
    served.cabinet.faults.begin({ fault: 'unplug', device: 'uhf' });
    await until(() => status === 'unplugged');
    served.cabinet.faults.end({ fault: 'unplug', device: 'uhf' });
    const before = rounds;
    await until(() => status === 'ok' && rounds > before);
  });
});
