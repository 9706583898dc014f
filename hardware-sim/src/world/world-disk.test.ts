import { describeDisk } from '@tagtrail/edge/testing/disk.contract.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { createWorldDisk } from './world-disk.js';

describeDisk('the disk of the simulated world', async () => createWorldDisk().directory('journal'));

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('the disk of the simulated world', () => {
  it('keeps what was synced when the power fails, and tears the rest', async () => {
    const kept = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const disk = createWorldDisk();
      const directory = disk.directory('a');
      const file = await directory.create('f', 200);
      await file.write(0, bytes(1, 2, 3));
      await file.sync();
      await directory.syncDirectory();
      await file.write(3, new Uint8Array(150).fill(9));
      disk.cutPower(seededRandom(seed));
      const after = await (await disk.directory('a').open('f')).read(0, 200);
      expect(after.slice(0, 3)).toEqual(bytes(1, 2, 3));
      kept.add(String(after));
    }
    expect(kept.size).toBeGreaterThan(3);
  });

  it('writes all of what it is given in parts, and says so when it refuses the rest', async () => {
    const disk = createWorldDisk();
    const file = await disk.directory('a').create('f', 0);
    const bytes = Uint8Array.from({ length: 200 }, (_, index) => index);
    disk.shortenWrites({ random: seededRandom(1), refusedPercent: 0 });
    await file.write(0, bytes);
    expect(await file.read(0, 300)).toEqual(bytes);
    disk.shortenWrites({ random: seededRandom(1), refusedPercent: 40 });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => file.write(200, bytes)));
    expect(outcomes.map(({ status }) => status)).toContain('rejected');
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'disk.fault' } });
    disk.shortenWrites(null);
    await file.write(0, bytes);
    expect((await file.read(0, 300)).slice(0, 200)).toEqual(bytes);
  });

  it('loses a name that was not synced, and refuses what does not fit', async () => {
    const disk = createWorldDisk();
    await disk.directory('a').create('f', 10);
    disk.limitTo(15);
    await expect(disk.directory('b').create('g', 10)).rejects.toMatchObject({ code: 'disk.full' });
    const lists: number[] = [];
    for (let seed = 0; seed < 10; seed++) {
      const other = createWorldDisk();
      await other.directory('a').create('f', 10);
      other.cutPower(seededRandom(seed));
      lists.push((await other.directory('a').list()).length);
    }
    expect(new Set(lists)).toEqual(new Set([0, 1]));
  });
});
