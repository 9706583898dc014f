import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { afterEach, describe, expect, it } from 'vitest';
import { aBadgeNumber, anEpc, aPersonId } from '../src/testing/builders.js';
import { aDraft, openTestJournal } from '../src/testing/journal-fixtures.js';
import { createSimulatedDisk } from '../src/testing/simulated-disk.js';
import { linesOf, startAgent, stopAgents } from './agent-rig.js';

/**
 * Where power or the process may die at the cabinet, and the test that says what holds then. The
 * letters are those of the list of crash points; I to S die in the cloud.
 */
const crashPoints: readonly (readonly [letter: string, dies: string, file: string, test: string])[] = [
  [
    'A',
    'inside a serial frame',
    'edge/src/reader/mercury/mercury-reader.test.ts',
    'is unplugged in the middle of a frame and goes on with the next link',
  ],
  [
    'B',
    'frame decoded, not appended',
    'edge/test/crash-points.test.ts',
    'B: finds after the restart what it never wrote down',
  ],
  [
    'C',
    'append written, not synced',
    'edge/test/crash-points.test.ts',
    'C: shows, unlocks and sends nothing on the strength of what was not synced',
  ],
  [
    'D',
    'synced, before the unlock',
    'edge/test/crash-points.test.ts',
    'D: closes the session that never opened a door',
  ],
  [
    'E',
    'door open',
    'edge/test/agent.test.ts',
    'attributes what moved during a power cut to the session that was open',
  ],
  [
    'F',
    'segment roll, directory not synced',
    'edge/src/journal/journal-crash.test.ts',
    'loses nothing confirmed, reuses no sequence and keeps its chain in 240 cuts',
  ],
  [
    'G',
    'batch sent, no PUBACK',
    'edge/src/uplink/uplink.test.ts',
    'sends again what the cloud committed and died over before it could say so, and nothing doubles',
  ],
  [
    'H',
    'broker dies after PUBACK',
    'edge/src/uplink/uplink.test.ts',
    'sends again by timer, slower each time, while the cloud takes nothing',
  ],
  ['T', 'disk replaced', 'edge/test/crash-points.test.ts', 'T: begins a log of its own on a new disk'],
];

/** What else can be wrong with the disk: rows F28 to F32 of the fault matrix. */
const diskFaults: readonly (readonly [row: string, fault: string, file: string, test: string])[] = [
  ['F28', 'disk full, then freed', 'edge/test/disk-marks.test.ts', 'is measured, alarms, fills up and heals'],
  [
    'F29',
    'fsync refused once',
    'edge/src/journal/journal.test.ts',
    'never syncs a file again that refused once: the records go into a new one',
  ],
  [
    'F29',
    'fsync refused for ever',
    'edge/src/journal/journal.test.ts',
    'refuses what two files would not sync, and gives the number to the next record',
  ],
  [
    'F30',
    'write refused',
    'edge/src/journal/journal.test.ts',
    'refuses on a full disk, says so, and goes on by itself when there is space',
  ],
  [
    'F30',
    'write taken by half',
    'edge/test/disk-marks.test.ts',
    'refuses a write that it took a part of, and takes it whole when there is room',
  ],
  [
    'F31',
    'bit rot',
    'edge/src/journal/segment.test.ts',
    'keeps every other record at any single bit flip, and calls it damage where confirmed records follow',
  ],
  ['F32', 'read-only remount', 'edge/test/disk-marks.test.ts', 'refuses while it is mounted read-only, and heals'],
];

afterEach(stopAgents);

describe('every crash point and fault of the disk', () => {
  it.each([...crashPoints, ...diskFaults])('%s, %s: has its test', (_letter, _dies, file, test) => {
    const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
    expect(existsSync(path), file).toBe(true);
    expect(readFileSync(path, 'utf8')).toContain(`it('${test}'`);
  });
});

describe('when the power dies', () => {
  it('B: finds after the restart what it never wrote down', async () => {
    const first = await startAgent();
    await first.ready();
    const { events } = first.journal;
    // The reader hears for a while that a tool is gone; nobody counts, so nothing is written before the power dies.
    first.cabinet.inside.delete(anEpc(3));
    await first.clock.advance(2000);
    const second = await startAgent({ events: [...events], inside: [1, 2, 4, 5].map(anEpc) });
    await second.ready();
    expect(linesOf(second.journal)).toEqual([]);
    expect(second.journal.events.at(-1)).toMatchObject({ kind: 'inventory.settled', data: { missing: [anEpc(3)] } });
  });

  it('C: shows, unlocks and sends nothing on the strength of what was not synced', async () => {
    for (let seed = 0; seed < 30; seed++) {
      const disk = createSimulatedDisk();
      const journal = await openTestJournal(disk);
      await journal.record(aDraft(1), 'now');
      const told: number[] = [];
      journal.onAppended((last) => told.push(last));
      // Every point of the second append: create, write, sync, directory.
      disk.stopAt(disk.operations() + 1 + (seed % 6));
      const recorded: number[] = [];
      void journal.record(aDraft(2), 'now').then(({ seq }) => recorded.push(seq));
      await new Promise((resolve) => setImmediate(resolve));
      const again = await openTestJournal(disk.crash(seededRandom(seed)));
      expect(again.head().last).toBeGreaterThanOrEqual(Math.max(1, ...told, ...recorded));
      expect((await again.record(aDraft(3), 'now')).seq).toBe(again.head().last);
    }
  });

  it('D: closes the session that never opened a door', async () => {
    const first = await startAgent();
    await first.ready();
    first.cabinet.badge(aBadgeNumber(1));
    await first.clock.advance(10);
    const { events } = first.journal;
    const opened = events.findIndex(({ kind }) => kind === 'session.opened');
    const second = await startAgent({ events: events.slice(0, opened + 1) });
    await second.ready();
    expect(second.cabinet.unlocks).toEqual([]);
    expect(linesOf(second.journal)).toEqual([]);
    expect(second.journal.events.at(-1)).toMatchObject({
      ...{ kind: 'session.closed', actor: aPersonId(1) },
      data: { outcome: 'interrupted', taken: 0, returned: 0 },
    });
  });

  it('T: begins a log of its own on a new disk', async () => {
    const before = await openTestJournal(createSimulatedDisk());
    await before.record(aDraft(1), 'now');
    const after = await openTestJournal(createSimulatedDisk(), { random: seededRandom('another boot') });
    expect(after.logId).not.toBe(before.logId);
    expect([after.head().last, after.first(), after.pending().count]).toEqual([0, 1, 0]);
    expect((await after.record(aDraft(1), 'now')).seq).toBe(1);
  });
});
