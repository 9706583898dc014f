import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { describeDisk } from '../testing/disk.contract.js';
import { createSimulatedDisk } from '../testing/simulated-disk.js';
import { openFileDisk } from './file-disk.js';

describeDisk('a directory', async () => openFileDisk(await mkdtemp(join(tmpdir(), 'tagtrail-disk-'))));
describeDisk('the simulated disk', async () => createSimulatedDisk());

describe('the simulated disk', () => {
  it('keeps what was synced and loses some of the rest', async () => {
    let lost = 0;
    for (let seed = 0; seed < 50; seed++) {
      const disk = createSimulatedDisk();
      const file = await disk.create('a', 256);
      await disk.syncDirectory();
      await file.write(0, new Uint8Array(64).fill(1));
      await file.sync();
      await file.write(64, new Uint8Array(128).fill(2));
      const after = disk.crash(seededRandom(seed)).bytesOf('a');
      expect(after.subarray(0, 64)).toEqual(new Uint8Array(64).fill(1));
      if (after[64] === 0 || after[128] === 0) lost++;
    }
    expect(lost).toBeGreaterThan(25);
  });

  it('may lose a name that was not synced', async () => {
    let lost = 0;
    for (let seed = 0; seed < 50; seed++) {
      const disk = createSimulatedDisk();
      await disk.create('a', 0);
      if ((await disk.crash(seededRandom(seed)).list()).length === 0) lost++;
    }
    expect(lost).toBeGreaterThan(10);
    expect(lost).toBeLessThan(40);
  });

  it('forgets what it refused to sync, though readers still see it', async () => {
    const disk = createSimulatedDisk();
    const file = await disk.create('a', 1);
    await disk.syncDirectory();
    await file.write(0, Uint8Array.of(9));
    disk.refuse('sync', 'disk.fault', 1);
    await expect(file.sync()).rejects.toMatchObject({ code: 'disk.fault' });
    await file.sync();
    expect(disk.bytesOf('a')).toEqual(Uint8Array.of(9));
    expect(disk.crash(seededRandom(1)).bytesOf('a')).toEqual(Uint8Array.of(0));
  });
});
