import { describe, expect, it } from 'vitest';
import { createSimulatedDisk } from '../testing/simulated-disk.js';
import { loadSeen, saveSeen, seenName } from './seen-file.js';

describe('what a witness has seen, on the disk', () => {
  const note = 'tagtrail/tenant_x\n300\nroot\n\n— tagtrail/tenant_x signature\n';

  it.each([
    ['the only key', []],
    ['keys that have handed over', ['tagtrail/tenant_x+1+AAAA', 'tagtrail/tenant_x+2+BBBB']],
  ])('comes back as it was, with %s', async (_what, left) => {
    const disk = createSimulatedDisk();
    const seen = { key: 'tagtrail/tenant_x+3+CCCC', note, left };
    await saveSeen(disk, seen);
    await saveSeen(disk, seen);
    expect(await loadSeen(disk)).toEqual(seen);
  });

  it('is nothing where no checkpoint was seen, or where the file is no such one', async () => {
    const disk = createSimulatedDisk();
    expect(await loadSeen(disk)).toBeUndefined();
    const file = await disk.create(seenName, 0);
    await file.write(0, new TextEncoder().encode('rubbish'));
    await file.close();
    expect(await loadSeen(disk)).toBeUndefined();
  });
});
