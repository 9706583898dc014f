import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainGenesis, nextChain } from '@tagtrail/shared/chain/record-chain.js';
import { AppError } from '@tagtrail/shared/error.js';
import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { aDraft, anAddress, openTestJournal, sha256 } from '../testing/journal-fixtures.js';
import { createSimulatedDisk } from '../testing/simulated-disk.js';
import { acknowledgementName } from './acknowledgement.js';
import { openFileDisk } from './file-disk.js';
import type { Journal } from './journal.js';
import { ordinalOf } from './segment-file.js';

async function eventsOf(journal: Journal, from = 1): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  for await (const event of journal.replay(from)) events.push(event);
  return events;
}

const aCount: TraceDraft = {
  kind: 'inventory.settled',
  data: { trigger: 'watch', present: [], doubtful: [], missing: [], rounds: 5, reads: 0, elapsedMs: 900 },
};

async function recordMany(journal: Journal, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await journal.record(aDraft(n), 'now');
}

describe('the journal', () => {
  it('numbers from 1 and chains every record to the one before', async () => {
    const journal = await openTestJournal(createSimulatedDisk());
    await recordMany(journal, 5);
    const events = await eventsOf(journal);
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5]);
    const chain = events.reduce((value, event) => nextChain(sha256, value, { ...event }), chainGenesis);
    expect(journal.head()).toEqual({ last: 5, chain });
    expect(await journal.chainAfter(5)).toBe(chain);
    expect(await journal.chainAfter(0)).toBe(chainGenesis);
    expect(await journal.chainAfter(6)).toBeUndefined();
  });

  it('goes on with the same log, sequence and chain after a restart', async () => {
    const disk = createSimulatedDisk();
    const before = await openTestJournal(disk);
    await recordMany(before, 3);
    await before.close();
    const after = await openTestJournal(disk, { random: seededRandom('other') });
    expect(after.logId).toBe(before.logId);
    expect(after.head()).toEqual(before.head());
    expect((await after.record(aDraft(), 'now')).seq).toBe(4);
    expect(await eventsOf(after)).toHaveLength(4);
  });

  it('keeps the order of calls and shares one sync within 5 ms', async () => {
    const clock = new VirtualClock();
    const disk = createSimulatedDisk();
    const journal = await openTestJournal(disk, { clock });
    await journal.record(aDraft(), 'now');
    const operations = disk.operations();
    const recorded = [2, 3, 4].map((n) => journal.record(aDraft(n), 'grouped'));
    await clock.advance(4);
    expect(disk.operations()).toBe(operations);
    await clock.advance(1);
    expect((await Promise.all(recorded)).map((event) => event.seq)).toEqual([2, 3, 4]);
    expect(disk.operations()).toBe(operations + 2);
  });

  it('does not let an urgent record overtake what waits', async () => {
    const journal = await openTestJournal(createSimulatedDisk());
    const grouped = journal.record(aDraft(1), 'grouped');
    const urgent = await journal.record(aDraft(2), 'now');
    expect((await grouped).seq).toBe(1);
    expect(urgent.seq).toBe(2);
  });

  it('refuses records once it is closed, and keeps those of before', async () => {
    const disk = createSimulatedDisk();
    const journal = await openTestJournal(disk);
    const last = journal.record(aDraft(), 'grouped');
    await journal.close();
    expect((await last).seq).toBe(1);
    await expect(journal.record(aDraft(), 'now')).rejects.toMatchObject({ code: 'journal.closed' });
  });

  it('gives batches within the limits, from memory and from the disk', async () => {
    const disk = createSimulatedDisk();
    const before = await openTestJournal(disk);
    await recordMany(before, 40);
    for (const journal of [before, await openTestJournal(disk)]) {
      const batch = await journal.readBatch(11, { events: 7, bytes: 100_000 });
      expect([batch?.from, batch?.events[0]?.seq]).toEqual([11, 11]);
      expect(batch?.to).toBeLessThanOrEqual(17);
      expect(batch?.prev).toBe(await before.chainAfter(10));
      expect(batch?.chain).toBe(await before.chainAfter(batch?.to ?? 0));
      expect((await journal.readBatch(5, { events: 100, bytes: 1 }))?.events).toHaveLength(1);
      expect(await journal.readBatch(41, { events: 1, bytes: 1 })).toBeUndefined();
    }
  });

  it('tells what is pending and remembers what was acknowledged', async () => {
    const disk = createSimulatedDisk();
    const clock = new VirtualClock(Date.UTC(2026, 0, 5, 6));
    const journal = await openTestJournal(disk, { clock });
    expect(journal.pending()).toEqual({ count: 0, oldestAt: null });
    await journal.record(aDraft(), 'now');
    clock.stepWall(60_000);
    await journal.record(aDraft(), 'now');
    expect(journal.pending()).toEqual({ count: 2, oldestAt: '2026-01-05T06:00:00.000Z' });
    journal.acknowledge(1);
    journal.acknowledge(99);
    expect(journal.pending()).toEqual({ count: 1, oldestAt: '2026-01-05T06:01:00.000Z' });
    await journal.close();
    expect((await openTestJournal(disk)).acknowledged()).toBe(1);
  });

  it('keeps its last count, and with it the numbers of its log, however short the disk is', async () => {
    const disk = createSimulatedDisk();
    const clock = new VirtualClock();
    let journal = await openTestJournal(disk, { clock, graceMs: 0 });
    const counted = await journal.record(aCount, 'now');
    await recordMany(journal, 60);
    journal.acknowledge(61);
    await clock.advance(1000);
    await journal.close();
    journal = await openTestJournal(disk, { clock, graceMs: 0 });
    disk.limitTo(0);
    await expect(recordMany(journal, 60)).rejects.toMatchObject({ code: 'journal.disk_full' });
    await journal.close().catch(() => {});
    const again = await openTestJournal(disk);
    expect([again.logId, again.first(), again.head().last]).toEqual([journal.logId, counted.seq, 61]);
  });

  it('forgets only what is acknowledged and older than the grace period', async () => {
    const disk = createSimulatedDisk();
    const clock = new VirtualClock();
    const journal = await openTestJournal(disk, { clock, graceMs: 1000 });
    await recordMany(journal, 50);
    await clock.advance(5000);
    await recordMany(journal, 20);
    expect(journal.first()).toBe(1);
    journal.acknowledge(45);
    await recordMany(journal, 20);
    expect(journal.first()).toBe(1);
    const counted = await journal.record(aCount, 'now');
    await recordMany(journal, 20);
    const kept = journal.first();
    expect(kept).toBeGreaterThan(20);
    expect(kept).toBeLessThanOrEqual(46);
    await journal.close();
    const again = await openTestJournal(disk);
    expect(again.first()).toBe(kept);
    expect((await eventsOf(again)).map((event) => event.seq)).toEqual(
      Array.from({ length: counted.seq + 21 - kept }, (_, i) => kept + i),
    );
  });

  it('refuses the journal of another cabinet', async () => {
    const disk = createSimulatedDisk();
    const journal = await openTestJournal(disk);
    await recordMany(journal, 1);
    const identity = { ...anAddress, cabinet: `${anAddress.cabinet.slice(0, -1)}z` as typeof anAddress.cabinet };
    await expect(openTestJournal(disk, { identity })).rejects.toMatchObject({ code: 'journal.foreign' });
  });
});

describe('the journal on a bad disk', () => {
  it('refuses on a full disk, says so, and goes on by itself when there is space', async () => {
    const disk = createSimulatedDisk();
    const journal = await openTestJournal(disk);
    await recordMany(journal, 2);
    disk.limitTo(1);
    const refused: unknown[] = [];
    while (refused.length === 0) await journal.record(aDraft(), 'now').catch((error) => refused.push(error));
    expect(refused[0]).toMatchObject({ code: 'journal.disk_full' });
    expect(journal.status()).toMatchObject({ status: 'full' });
    const { last } = journal.head();
    disk.limitTo(1_000_000);
    expect((await journal.record(aDraft(), 'now')).seq).toBe(last + 1);
    expect(journal.status()).toEqual({ status: 'ok' });
    expect(await eventsOf(await openTestJournal(disk))).toHaveLength(last + 1);
  });

  it.each(['disk.full', 'disk.fault'] as const)('never counts what was written by half (%s)', async (code) => {
    const disk = createSimulatedDisk();
    const journal = await openTestJournal(disk);
    await recordMany(journal, 2);
    disk.cutWrites(code, 1);
    // The file with half a record in it is left; the record goes whole into a new one.
    expect((await journal.record(aDraft(3), 'now')).seq).toBe(3);
    disk.cutWrites(code, 2);
    const refusal = code === 'disk.full' ? 'journal.disk_full' : 'journal.disk_error';
    await expect(journal.record(aDraft(4), 'now')).rejects.toMatchObject({ code: refusal });
    expect(journal.head().last).toBe(3);
    expect((await journal.record(aDraft(5), 'now')).seq).toBe(4);
    const found = await eventsOf(await openTestJournal(disk.crash(seededRandom(code))));
    expect(found.map(({ data }) => data)).toEqual([1, 2, 3, 5].map((n) => aDraft(n).data));
  });

  it('opens on a full disk, so that the cabinet can still say what is wrong', async () => {
    const disk = createSimulatedDisk();
    disk.limitTo(0);
    const journal = await openTestJournal(disk);
    await expect(journal.record(aDraft(), 'now')).rejects.toMatchObject({ code: 'journal.disk_full' });
  });

  it('never syncs a file again that refused once: the records go into a new one', async () => {
    const disk = createSimulatedDisk();
    const journal = await openTestJournal(disk);
    await recordMany(journal, 2);
    disk.refuse('sync', 'disk.fault', 1);
    expect((await journal.record(aDraft(3), 'now')).seq).toBe(3);
    const segments = (await disk.list()).filter((name) => ordinalOf(name) !== undefined);
    expect(segments).toHaveLength(2);
    const crashed = await openTestJournal(disk.crash(seededRandom(1)));
    expect(crashed.head()).toEqual(journal.head());
    expect((await eventsOf(crashed)).map((event) => event.seq)).toEqual([1, 2, 3]);
  });

  it.each([
    ['which it removes', true],
    ['which the disk keeps for now', false],
  ])(
    'takes nothing of a refused group for records, however long what overruled it is gone: a file %s',
    async (_, goes) => {
      const medium = createSimulatedDisk();
      let refuses = false;
      const disk: typeof medium = {
        ...medium,
        create: async (name, bytes) => {
          const file = await medium.create(name, bytes);
          let writes = 0;
          const write: typeof file.write = async (at, part) => {
            await file.write(at, part);
            // Behind the header comes the group, which arrives and is refused all the same.
            if (refuses && ++writes === 2) throw new AppError('disk.fault', 'worn out', { kind: 'operator' });
          };
          return { ...file, write };
        },
      };
      const clock = new VirtualClock();
      const journal = await openTestJournal(disk, { clock, graceMs: 0 });
      refuses = true;
      if (!goes) medium.refuse('remove', 'disk.fault', 1);
      await expect(journal.record(aDraft(77), 'now')).rejects.toMatchObject({ code: 'journal.disk_error' });
      refuses = false;
      await recordMany(journal, 60);
      const counted = await journal.record(aCount, 'now');
      journal.acknowledge(counted.seq);
      await clock.advance(1000);
      await recordMany(journal, 30);
      expect(journal.first()).toBeGreaterThan(1);
      await journal.close();
      const again = await openTestJournal(medium, { clock, graceMs: 0 });
      expect([again.logId, again.first(), again.head()]).toEqual([journal.logId, journal.first(), journal.head()]);
    },
  );

  it('refuses what two files would not sync, and gives the number to the next record', async () => {
    const disk = createSimulatedDisk();
    const journal = await openTestJournal(disk);
    await recordMany(journal, 2);
    disk.refuse('sync', 'disk.fault', 2);
    await expect(journal.record(aDraft(77), 'now')).rejects.toMatchObject({ code: 'journal.disk_error' });
    expect(journal.status()).toMatchObject({ status: 'failing' });
    expect((await journal.record(aDraft(3), 'now')).seq).toBe(3);
    const again = await openTestJournal(disk);
    expect((await eventsOf(again)).map((event) => event.data)).toEqual([1, 2, 3].map((n) => aDraft(n).data));
    expect(again.head()).toEqual(journal.head());
  });
});

describe('a damaged journal', () => {
  async function damagedAt(seq: number, acknowledged: number) {
    const disk = createSimulatedDisk();
    const journal = await openTestJournal(disk, { segmentBytes: 100_000 });
    await recordMany(journal, 10);
    journal.acknowledge(acknowledged);
    await journal.close();
    const name = (await disk.list()).find((one) => ordinalOf(one) !== undefined) as string;
    const bytes = disk.bytesOf(name);
    const at = Buffer.from(bytes).indexOf(`"openForMs":${seq}}`);
    bytes[at] = 0;
    disk.overwrite(name, bytes);
    return { disk, name, before: journal };
  }

  it('goes on with its log when the cloud has what is lost, and declares it once', async () => {
    const { disk, name, before } = await damagedAt(4, 6);
    const after = await openTestJournal(disk);
    expect(after.logId).toBe(before.logId);
    expect(await disk.list()).toContain(`${name}.damaged`);
    const seqs = (await eventsOf(after)).map((event) => event.seq);
    expect(seqs).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10, 11]);
    expect((await eventsOf(after, 11))[0]).toMatchObject({ kind: 'journal.damaged', data: { fromSeq: 4, toSeq: 4 } });
    await after.close();
    expect((await openTestJournal(disk)).head().last).toBe(11);
  });

  it('begins a new log with what survived when the cloud never had what is lost', async () => {
    const { disk, name, before } = await damagedAt(4, 2);
    const after = await openTestJournal(disk, { random: seededRandom('fresh') });
    expect(after.logId).not.toBe(before.logId);
    const events = await eventsOf(after);
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(events[0]?.data).toEqual(aDraft(3).data);
    expect(events[1]).toMatchObject({ kind: 'journal.damaged', data: { fromSeq: 4, toSeq: 4 } });
    expect(events[7]?.data).toEqual(aDraft(10).data);
    expect(await disk.list()).toContain(`${name}.aside`);
    expect(after.pending().count).toBe(8);
    expect((await openTestJournal(disk)).head()).toEqual(after.head());
  });

  it('begins a new log when the disk is older than what the cloud has confirmed', async () => {
    const disk = createSimulatedDisk();
    const journal = await openTestJournal(disk);
    await recordMany(journal, 3);
    await journal.close();
    const old = new Map<string, Uint8Array>();
    for (const name of await disk.list()) old.set(name, disk.bytesOf(name));
    const again = await openTestJournal(disk);
    await recordMany(again, 2);
    again.acknowledge(5);
    await again.close();
    old.set(acknowledgementName, disk.bytesOf(acknowledgementName));
    const restored = await openTestJournal(createSimulatedDisk(old), { random: seededRandom('fresh') });
    expect(restored.logId).not.toBe(journal.logId);
    expect((await eventsOf(restored)).map((event) => event.data)).toEqual([
      expect.objectContaining({ fromSeq: 4, toSeq: 5 }),
    ]);
  });
});

describe('the journal in a directory of this machine', () => {
  it('is found again as it was left, closed or not', async () => {
    const path = await mkdtemp(join(tmpdir(), 'tagtrail-journal-'));
    const first = await openTestJournal(await openFileDisk(path));
    await recordMany(first, 30);
    first.acknowledge(12);
    await first.close();
    const second = await openTestJournal(await openFileDisk(path));
    expect(second.head()).toEqual(first.head());
    expect(second.acknowledged()).toBe(12);
    await recordMany(second, 5);
    const third = await openTestJournal(await openFileDisk(path));
    expect(third.logId).toBe(first.logId);
    expect(third.head()).toEqual(second.head());
    expect(await eventsOf(third)).toHaveLength(35);
  });
});
