import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { feedPage } from '@tagtrail/shared/api/entry.js';
import { AppError } from '@tagtrail/shared/error.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command, InvalidArgumentError } from 'commander';
import { type CloudApi, signInToCloud } from '../fleet/cloud-api.js';
import { enrolFleet } from '../fleet/enrol-fleet.js';
import { runFleet } from '../fleet/run-fleet.js';
import { createTrailCheck } from '../fleet/verify-trail.js';
import { openFleetCabinet } from '../world/fleet-cabinet.js';
import { countNumber, localAddress } from './option-values.js';

const help = `
It needs a running cloud (npm start, or npm run cloud) and adds its cabinets to the customer there,
so give it one of its own:  npm start -- --no-shift   and, beside it,
  npm run sim -- fleet --cabinets 500 --peak --json
Live figures go to the standard error; the last line on the standard output is the result.
The exit code is 1 when an event was lost or doubled.`;

export const fleetCommand = new Command('fleet')
  .description('Many cabinets at a change of shift: the real journal, signature and uplink over MQTT against a cloud.')
  .option('--cabinets <count>', 'how many', countNumber, 50)
  .option('--peak', 'everybody comes around the same time', false)
  .option('--minutes <minutes>', 'how long the people come', minutes, 1)
  .option('--visits <count>', 'how often each cabinet is used', countNumber, 4)
  .option('--cloud <url>', 'address of the cloud on this machine', localAddress, 'http://127.0.0.1:8080')
  .option('--mqtt <url>', 'its broker, in place of what it tells its cabinets')
  .option('--credentials <folder>', "holds the cloud's users.json with an administrator", '.tagtrail/credentials')
  .option('--seed <seed>', 'dice of the plan', '1')
  .option('--json', 'nothing but the result', false)
  .addHelpText('after', help)
  .action(fleet);

interface FleetFlags {
  readonly cabinets: number;
  readonly peak: boolean;
  readonly minutes: number;
  readonly visits: number;
  readonly cloud: string;
  readonly mqtt?: string;
  readonly credentials: string;
  readonly seed: string;
  readonly json: boolean;
}

async function fleet(flags: FleetFlags): Promise<void> {
  const clock = systemClock;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const api = await signInToCloud(flags.cloud, flags.credentials, clock);
  const data = mkdtempSync(join(tmpdir(), 'tagtrail-fleet-'));
  let peakRss = 0;
  const watch = clock.monotonicMs();
  try {
    const enrolment = await enrolFleet(api, {
      ...{ count: flags.cabinets, random: systemRandom },
      onAdded: (done) => done % 50 === 0 && say(`added ${done}/${flags.cabinets} cabinets`),
    });
    say(`added in ${((clock.monotonicMs() - watch) / 1000).toFixed(1)} s; connecting`);
    const figures = await runFleet({
      ...{ enrolment, clock, visits: flags.visits, durationMs: flags.minutes * 60_000, peak: flags.peak },
      random: seededRandom(flags.seed),
      say: (line) => {
        peakRss = Math.max(peakRss, process.memoryUsage.rss());
        say(line);
      },
      open: ({ credentials }, onCommitted) =>
        openFleetCabinet({
          ...{ credentials, clock, onCommitted, random: systemRandom },
          data: join(data, credentials.cabinet),
          ...(flags.mqtt === undefined ? {} : { mqttUrl: flags.mqtt }),
        }),
    });
    say('reading the trail back');
    const found = await readTrail(api, figures.recorded);
    const { latencies } = figures;
    const result = {
      ...{ cabinets: flags.cabinets, events: [...figures.recorded.values()].reduce((sum, last) => sum + last, 0) },
      ...{ lost: found.lost, doubled: found.doubled, quarantined: found.quarantined },
      uncommitted: figures.uncommitted,
      seconds: Math.round(figures.seconds * 10) / 10,
      eventsPerSecond: Math.round(figures.events / figures.seconds),
      latencyMs: { p50: latencies.percentile(50), p95: latencies.percentile(95), p99: latencies.percentile(99) },
      rssMb: Math.round(peakRss / 1e6),
    };
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
    if (result.lost > 0 || result.doubled > 0) process.exitCode = 1;
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** The whole trail through REST, as an integrator reads it. */
async function readTrail(api: CloudApi, recorded: ReadonlyMap<string, number>) {
  const check = createTrailCheck();
  for (let after = -1; ; ) {
    const page = await api.get(`/v1/events?after=${after}&limit=1000`, feedPage);
    check.add(page.data);
    if (!page.has_more) return check.result(recorded);
    if (page.next_after <= after) throw new AppError('fleet.feed_stuck', 'The feed does not move on.', { kind: 'bug' });
    after = page.next_after;
  }
}

function minutes(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 600) return value;
  throw new InvalidArgumentError('a time in minutes, more than 0');
}
