import { describe, expect, it } from 'vitest';
import type { Disk } from '../journal/disk.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** What every `Disk` has to do. `open` gives an empty disk. */
export function describeDisk(name: string, open: () => Promise<Disk>): void {
  describe(`${name} as a disk`, () => {
    it('creates a file of zeros and lists it', async () => {
      const disk = await open();
      const file = await disk.create('a', 5);
      expect(await file.size()).toBe(5);
      expect(await file.read(0, 10)).toEqual(bytes(0, 0, 0, 0, 0));
      expect(await disk.list()).toEqual(['a']);
      await file.close();
    });

    it('refuses to create a name twice', async () => {
      const disk = await open();
      await (await disk.create('a', 0)).close();
      await expect(disk.create('a', 0)).rejects.toMatchObject({ code: 'disk.exists' });
    });

    it('reads what it wrote, through another handle too', async () => {
      const disk = await open();
      const file = await disk.create('a', 4);
      await file.write(2, bytes(7, 8, 9));
      await file.sync();
      await file.close();
      await disk.syncDirectory();
      const again = await disk.open('a');
      expect(await again.read(1, 100)).toEqual(bytes(0, 7, 8, 9));
      expect(await again.read(50, 10)).toEqual(bytes());
      await again.close();
    });

    it('says how much of it is used and free', async () => {
      const disk = await open();
      const before = await disk.space();
      expect(before.usedBytes).toBeGreaterThanOrEqual(0);
      expect(before.freeBytes).toBeGreaterThan(0);
      await (await disk.create('a', 1024)).close();
      const { usedBytes, freeBytes } = await disk.space();
      expect(usedBytes + freeBytes).toBeGreaterThan(1024);
    });

    it('truncates', async () => {
      const disk = await open();
      const file = await disk.create('a', 4);
      await file.truncate(1);
      expect(await file.size()).toBe(1);
      await file.close();
    });

    it('renames over an existing file', async () => {
      const disk = await open();
      const file = await disk.create('new', 0);
      await file.write(0, bytes(1));
      await file.close();
      await (await disk.create('old', 3)).close();
      await disk.rename('new', 'old');
      expect(await disk.list()).toEqual(['old']);
      const renamed = await disk.open('old');
      expect(await renamed.size()).toBe(1);
      await renamed.close();
    });

    it('removes a file and says so when it is missing', async () => {
      const disk = await open();
      await (await disk.create('a', 0)).close();
      await disk.remove('a');
      expect(await disk.list()).toEqual([]);
      await expect(disk.remove('a')).rejects.toMatchObject({ code: 'disk.missing' });
      await expect(disk.open('a')).rejects.toMatchObject({ code: 'disk.missing' });
    });
  });
}
