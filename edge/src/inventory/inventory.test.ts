import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { anEpc, aTagRead, sessionSettings } from '../testing/builders.js';
import { createInventory } from './inventory.js';
import type { InventorySnapshot } from './presence.js';

function aRig() {
  const clock = new VirtualClock();
  const snapshots: InventorySnapshot[] = [];
  const progress: number[] = [];
  const inventory = createInventory({
    config: sessionSettings.presence,
    antennas: [1, 2],
    clock,
    listener: {
      onProgress: ({ rounds }) => progress.push(rounds),
      onSnapshot: (snapshot) => snapshots.push(snapshot),
    },
  });
  inventory.onStatus('ok');
  const round = async (epcs: readonly string[], rssiDbm = -55): Promise<void> => {
    for (const epc of epcs) inventory.onRead(aTagRead({ epc, rssiDbm, atMs: clock.monotonicMs() }));
    await clock.advance(250);
    inventory.onRoundEnd();
  };
  return { clock, inventory, snapshots, progress, round };
}

const keysOf = (map: ReadonlyMap<string, unknown> | undefined) => [...(map?.keys() ?? [])];

describe('createInventory', () => {
  it('says nothing before it is asked, and counts the reads that it did not need', async () => {
    const { inventory, snapshots, round } = aRig();
    for (let i = 0; i < 5; i++) await round([anEpc(1)]);
    expect(snapshots).toEqual([]);
    expect(inventory.counts()).toMatchObject({ idle: 5, new: 0 });
  });

  it('gives one snapshot for each count, from full rounds only', async () => {
    const { inventory, snapshots, round, progress } = aRig();
    inventory.begin(new Set([anEpc(1)]));
    for (let i = 0; i < 14; i++) await round([anEpc(1)]);
    expect(snapshots).toHaveLength(1);
    expect(snapshots[0]).toMatchObject({ rounds: 10, complete: true, elapsedMs: 2750 });
    expect(keysOf(snapshots[0]?.present)).toEqual([anEpc(1)]);
    expect(progress).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('needs fewer rounds once it knows how well this cabinet is read', async () => {
    const { inventory, snapshots, round } = aRig();
    for (let count = 0; count < 10; count++) {
      inventory.begin(new Set([anEpc(1)]));
      for (let i = 0; i < 12; i++) await round([anEpc(1)]);
    }
    expect(snapshots[9]?.rounds).toBeLessThan(6);
  });

  it('forgets what was read while the door was open', async () => {
    const { inventory, snapshots, round } = aRig();
    inventory.begin(new Set());
    await round([anEpc(1), anEpc(2)]);
    inventory.begin(new Set([anEpc(1), anEpc(2)]));
    for (let i = 0; i < 24; i++) await round([anEpc(1)]);
    expect(keysOf(snapshots[0]?.present)).toEqual([anEpc(1)]);
    expect(keysOf(snapshots[0]?.absent)).toEqual([anEpc(2)]);
  });

  it('gives up when the reader is away, and concludes nothing', async () => {
    const { clock, inventory, snapshots } = aRig();
    inventory.begin(new Set([anEpc(1)]));
    inventory.onStatus('unplugged');
    await clock.advance(5000);
    expect(snapshots).toMatchObject([{ complete: false, rounds: 0 }]);
  });

  it('says nothing after it was called off', async () => {
    const { clock, inventory, snapshots, round } = aRig();
    inventory.begin(new Set([anEpc(1)]));
    inventory.cancel();
    for (let i = 0; i < 5; i++) await round([anEpc(1)]);
    await clock.advance(10_000);
    expect(snapshots).toEqual([]);
  });

  it('doubts a tool that is suddenly far weaker, until it has been so for a while', async () => {
    const { inventory, snapshots, round } = aRig();
    const count = async (rssiDbm: number): Promise<string> => {
      inventory.begin(new Set([anEpc(1)]));
      for (let i = 0; i < 12; i++) await round([anEpc(1)], rssiDbm);
      return snapshots.at(-1)?.present.has(anEpc(1)) === true ? 'present' : 'doubtful';
    };
    expect(await count(-50)).toBe('present');
    expect(await count(-72)).toBe('doubtful');
    for (let i = 0; i < 4; i++) await count(-72);
    expect(await count(-72)).toBe('present');
  });
});
