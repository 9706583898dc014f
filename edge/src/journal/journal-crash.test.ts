import { chainGenesis, nextChain } from '@tagtrail/shared/chain/record-chain.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { below, chance } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { aDraft, openTestJournal, sha256 } from '../testing/journal-fixtures.js';
import { createSimulatedDisk, type SimulatedDisk } from '../testing/simulated-disk.js';

/** Records in random groups, some writes taken by half, until the power fails at a random disk operation. */
async function liveUntilPowerFails(disk: SimulatedDisk, seed: string) {
  const random = seededRandom(seed);
  const clock = new VirtualClock();
  const confirmed: TraceEvent[] = [];
  let refused = 0;
  disk.stopAt(disk.operations() + 1 + below(random, 60));
  let journal: Awaited<ReturnType<typeof openTestJournal>> | undefined;
  void openTestJournal(disk, { clock, random: random.fork('ids') }).then((opened) => {
    journal = opened;
  });
  await clock.advance(50);
  for (let n = 0; n < 40 && journal !== undefined; n++) {
    const urgency = chance(random, 1, 4) ? 'now' : 'grouped';
    if (chance(random, 1, 12)) disk.cutWrites(chance(random, 1, 2) ? 'disk.full' : 'disk.fault', 1 + below(random, 3));
    const recorded = journal.record(aDraft(1000 + below(random, 1000)), urgency);
    void recorded.then(
      (event) => confirmed.push(event),
      () => refused++,
    );
    if (chance(random, 1, 10)) journal.acknowledge(below(random, journal.head().last + 1));
    if (chance(random, 1, 2)) await clock.advance(below(random, 7));
  }
  await clock.advance(20);
  return { confirmed, refused, disk: disk.crash(random.fork('crash')) };
}

describe('the journal at a power cut', () => {
  it('loses nothing confirmed, reuses no sequence and keeps its chain in 240 cuts', async () => {
    let cutsWithRecords = 0;
    let refused = 0;
    for (let life = 0; life < 60; life++) {
      let disk = createSimulatedDisk();
      const confirmed = new Map<number, TraceEvent>();
      let logId: string | undefined;
      for (let cut = 0; cut < 4; cut++) {
        const lived = await liveUntilPowerFails(disk, `life ${life} cut ${cut}`);
        disk = lived.disk;
        refused += lived.refused;
        for (const event of lived.confirmed) {
          expect(confirmed.has(event.seq), `seq ${event.seq} twice in life ${life}`).toBe(false);
          confirmed.set(event.seq, event);
        }
        const journal = await openTestJournal(disk);
        const found: TraceEvent[] = [];
        for await (const event of journal.replay()) found.push(event);
        expect(found.map((event) => event.seq)).toEqual(found.map((_, i) => i + 1));
        const chain = found.reduce((value, event) => nextChain(sha256, value, { ...event }), chainGenesis);
        expect(journal.head()).toEqual({ last: found.length, chain });
        for (const event of confirmed.values()) expect(found[event.seq - 1]).toEqual(event);
        expect(found.some((event) => event.kind === 'journal.damaged')).toBe(false);
        if (confirmed.size > 0) {
          logId ??= journal.logId;
          expect(journal.logId).toBe(logId);
          cutsWithRecords++;
        }
        // What was found is a fact from now on, confirmed before the cut or not.
        for (const event of found) confirmed.set(event.seq, event);
        await journal.close();
      }
    }
    expect(cutsWithRecords).toBeGreaterThan(150);
    expect(refused).toBeGreaterThan(20);
  });
});
