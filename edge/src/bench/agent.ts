import { silentLog } from '@tagtrail/shared/log/log.js';
import { streamTagReply } from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import { encodeReply } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { below } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { sleep } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { parseEdgeConfig } from '../config.js';
import { createUhfReader } from '../device-drivers.js';
import { ReadDedupe } from '../inventory/dedupe.js';
import type { DeviceStatus } from '../reader/reader.js';
import { createBenchModule } from './bench-module.js';
import { printResult, rounded } from './measure.js';

// Four readers whose lines are full: the real drivers, from bytes to folded reads, are fed tag reports
// as fast as they take them. The processor time is set against the time that four lines at 921,600
// bits per second (ten bits for each byte) need for these bytes. What the kernel spends on a serial
// port is not in it.
const readers = 4;
const baudRate = 921_600;
const wantedReads = 1_000_000;
const tagsEach = 200;
const chunkBytes = 512;

const random = seededRandom('bench agent');
const { devices } = parseEdgeConfig(
  `{ credentials: none, data: none, devices: { uhf: { path: a, baudRate: ${baudRate} }, badge: { path: b }, lock: { path: c } } }`,
);

let reads = 0;
let rounds = 0;

async function openReader(reader: number) {
  const module = createBenchModule();
  const dedupe = new ReadDedupe({
    capacity: 4096,
    antennas: devices.uhf.driver === 'mercury' ? devices.uhf.antennas : [1, 2, 3, 4],
  });
  let status: DeviceStatus = 'starting';
  const device = createUhfReader(devices.uhf, {
    openLink: async () => module.link,
    listener: {
      onRead: (read) => {
        reads += 1;
        dedupe.offer(read);
      },
      onRoundEnd: () => {
        rounds += 1;
        dedupe.endRound(true);
      },
      onReport: (report) => {
        status = report.status;
      },
    },
    ...{ clock: systemClock, random: random.fork(`reader-${reader}`), log: silentLog },
  });
  device.start();
  for (let i = 0; i < 200 && module.search() === undefined; i++) await sleep(systemClock, 'bench', 10);
  const search = module.search();
  if (search === undefined) {
    process.stderr.write('the driver did not start to read\n');
    process.exit(1);
  }
  const frames: Uint8Array[] = [];
  for (let i = 0; i < 2000; i++) {
    const epc = `E28011700000${reader}20A${below(random, tagsEach).toString(16).toUpperCase().padStart(8, '0')}`;
    const antenna = 1 + below(random, 4);
    const tag = { epc, readCount: 1, rssiDbm: -70 + below(random, 30), txPort: antenna, rxPort: antenna };
    frames.push(encodeReply(0x22, 0, streamTagReply(search, tag)));
    if (i % 100 === 99) frames.push(encodeReply(0x22, 0, new Uint8Array(0)));
  }
  return { module, dedupe, device, stream: Buffer.concat(frames), status: () => status };
}

const lines = await Promise.all(Array.from({ length: readers }, (_, reader) => openReader(reader)));
let bytes = 0;

function feedOnce(): void {
  for (const { module, stream } of lines) {
    for (let at = 0; at < stream.length; at += chunkBytes) module.feed(stream.subarray(at, at + chunkBytes));
    bytes += stream.length;
  }
}

feedOnce();
bytes = 0;
reads = 0;
const before = process.cpuUsage();
while (reads < wantedReads) {
  feedOnce();
  // Timers and promises have their turn, as they have between two chunks of a real line.
  await sleep(systemClock, 'bench', 0);
}
const used = process.cpuUsage(before);
const cpuS = (used.user + used.system) / 1e6;
const lineS = bytes / readers / (baudRate / 10);
const overflow = lines.reduce((sum, { dedupe }) => sum + dedupe.counts.overflow + dedupe.counts.malformed, 0);
printResult({
  ...{ bench: 'edge:agent', readers, baudRate, reads, rounds, bytes },
  lostReads: overflow,
  status: [...new Set(lines.map(({ status }) => status()))],
  lineS: rounded(lineS),
  cpuS: rounded(cpuS),
  cpuPercent: rounded((100 * cpuS) / lineS),
  rssMB: rounded(process.memoryUsage().rss / 1e6, 1),
});
process.exit(0);
