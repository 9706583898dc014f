import { generateKeyPairSync } from 'node:crypto';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { chance, type Random } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { isLongRun } from '@tagtrail/shared/testing/long-run.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { newHealth, onlineState } from '../src/health/cabinet-health.js';
import { aBoot, aDraft, anAddress, openTestJournal } from '../src/testing/journal-fixtures.js';
import { createMemoryBroker } from '../src/testing/memory-broker.js';
import { createScriptedCloud } from '../src/testing/scripted-cloud.js';
import { createSimulatedDisk, type SimulatedDisk } from '../src/testing/simulated-disk.js';
import { createBatchSigner } from '../src/uplink/batch-signer.js';
import { createUplink } from '../src/uplink/uplink.js';

const signingKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const dayMs = 86_400_000;
const hours = 72;
const at = '2026-01-05T06:00:00.000Z';

async function aCabinet(disk: SimulatedDisk, clock: VirtualClock) {
  const broker = createMemoryBroker();
  const cloud = createScriptedCloud(broker);
  const journal = await openTestJournal(disk, { clock, segmentBytes: 256 * 1024 });
  const uplink = createUplink({
    ...{ transport: broker.transport, journal, clock, log: silentLog, identity: anAddress, boot: aBoot },
    ...{ sign: createBatchSigner(signingKey), agentVersion: '0.1.0', rulebookVersion: () => 0 },
    getState: () =>
      onlineState(newHealth([1], at), {
        ...{ atIso: at, pending: journal.pending(), rulebookVersion: 0, session: null, phase: 'idle', present: 0 },
      }),
    onRulebook: () => {},
    onCommand: () => {},
    onConnection: () => {},
  });
  uplink.start();
  return { broker, cloud, journal, uplink };
}

/** Three days without a network, in bursts as people come; now and then somebody sets the clock by a day. */
async function work(
  journal: { record: Awaited<ReturnType<typeof aCabinet>>['journal']['record'] },
  day: { readonly clock: VirtualClock; readonly dice: Random; readonly events: number; readonly steps: boolean },
): Promise<void> {
  const burst = 20;
  const gapMs = (hours * 3_600_000) / (day.events / burst);
  for (let done = 0; done < day.events; done += burst) {
    const recorded = Array.from({ length: burst }, (_, i) => journal.record(aDraft(done + i), 'grouped'));
    await day.clock.advance(gapMs);
    await Promise.all(recorded);
    if (chance(day.dice, 1, 50) && day.steps) day.clock.stepWall(chance(day.dice, 1, 2) ? dayMs : -dayMs);
  }
}

async function threeDays(events: number, steps: boolean) {
  const clock = new VirtualClock();
  const dice = seededRandom(`three days ${events}`);
  const disk = createSimulatedDisk();
  const { broker, cloud, journal } = await aCabinet(disk, clock);
  await work(journal, { clock, dice, events, steps });
  expect(journal.pending().count).toBe(events);
  cloud.answerWith((message, pass) => {
    if (!chance(dice, 1, 20)) pass(message);
  });
  broker.up();
  const began = clock.monotonicMs();
  while (journal.pending().count > 0 && clock.monotonicMs() - began < 3_600_000) await clock.advance(1_000);
  return { cloud, journal, drainMs: clock.monotonicMs() - began };
}

const numbers = (cloud: { committed: readonly Record<string, unknown>[] }): unknown[] =>
  cloud.committed.map(({ data }) => (data as { openForMs: number }).openForMs);

describe('three days without a network', () => {
  const events = isLongRun ? 3 * 20_000 : 3 * 1_000;

  it('lose nothing, keep their order and are sent in bounded batches, whatever the clock says', async () => {
    const before = process.memoryUsage().heapUsed;
    const { cloud, journal, drainMs } = await threeDays(events, true);
    expect(numbers(cloud)).toEqual(Array.from({ length: events }, (_, i) => i));
    expect(cloud.committed.map(({ seq }) => seq)).toEqual(Array.from({ length: events }, (_, i) => i + 1));
    for (const batch of cloud.batches) expect(batch.events.length).toBeLessThanOrEqual(500);
    expect(journal.pending()).toEqual({ count: 0, oldestAt: null });
    expect(drainMs).toBeLessThan(30 * 60_000);
    // The disk, the broker and the cloud of this test are in memory, too: about 2 kB for each event.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(80_000_000 + events * 4_000);
    const steady = await threeDays(events, false);
    expect(numbers(cloud)).toEqual(numbers(steady.cloud));
  }, 300_000);
});
