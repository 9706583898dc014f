import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import type { SweepPlan } from '../reader/reader.js';
import { anEpc, aTagRead, sessionSettings } from '../testing/builders.js';
import { createInventory } from './inventory.js';
import type { InventorySnapshot } from './presence.js';
import type { PlanReader } from './sweeps.js';

function aRig(reader?: PlanReader) {
  const clock = new VirtualClock();
  const snapshots: InventorySnapshot[] = [];
  const progress: number[] = [];
  const inventory = createInventory({
    config: sessionSettings.presence,
    antennas: [1, 2],
    clock,
    reader: () => reader,
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

  it('concludes nothing where the reader went away in the middle and is not back when time is up', async () => {
    for (const comesBack of [false, true]) {
      const { clock, inventory, snapshots, round } = aRig();
      inventory.begin(new Set([1, 2, 3].map(anEpc)));
      for (let i = 0; i < 5; i++) await round([anEpc(1)]);
      inventory.onStatus('faulty');
      await clock.advance(500);
      if (comesBack) inventory.onStatus('ok');
      await clock.advance(5000);
      expect(snapshots).toMatchObject([{ complete: comesBack }]);
    }
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

  it('learns nothing from a sweep by name that nobody answers', async () => {
    let plan: SweepPlan = { kind: 'usual' };
    const { inventory, snapshots, progress, round } = aRig({
      focusLimit: 3,
      setPlan: async (next, begins) => {
        plan = next;
        begins();
        return true;
      },
    });
    const inside = [1, 2, 3, 4, 5, 6, 7, 8].map(anEpc);
    const named = (): readonly string[] | null => (plan.kind === 'only' ? plan.epcs : null);
    const answering = (): readonly string[] => inside.slice(1).filter((epc) => named()?.includes(epc) !== false);
    inventory.begin(new Set(inside));
    while (snapshots.length === 0) await round(inside);
    inventory.begin(new Set(inside), 'hurried');
    while (named() === null) await round(answering());
    const sweeps = progress.length;
    for (let sweep = 0; sweep < 5; sweep++) await round([]);
    expect(new Set(progress.slice(sweeps - 1)).size).toBe(1);
    await round(answering());
    expect(progress.at(-1)).toBe((progress[sweeps - 1] ?? 0) + 1);
  });

  /** After how many rounds on its name the silence of tag 9 is believed, in a cabinet with eight others. */
  async function roundsToBelieve(answersUnasked: boolean): Promise<number | undefined> {
    let plan: SweepPlan = { kind: 'usual' };
    const { inventory, snapshots, round } = aRig({
      focusLimit: 3,
      setPlan: async (next, begins) => {
        plan = next;
        begins();
        return true;
      },
    });
    const answer = (tags: readonly number[]): readonly string[] => {
      const asked = plan.kind === 'only' ? plan.epcs : null;
      return tags.map(anEpc).filter((epc) => {
        return asked?.includes(epc) !== false || (answersUnasked && epc === anEpc(9));
      });
    };
    const count = async (inside: readonly number[], heard: readonly number[]): Promise<void> => {
      const before = snapshots.length;
      inventory.begin(new Set(inside.map(anEpc)), 'hurried');
      for (let sweep = 0; sweep < 60 && snapshots.length === before; sweep++) await round(answer(heard));
    };
    const others = [2, 3, 4, 5, 6, 7, 8];
    await count([1, 9, ...others], [1, 9, ...others]);
    // Tool 1 leaves again and again, and is asked by name for as long as it takes to say so.
    for (let session = 0; session < 4; session++) await count([1, 9, ...others], [9, ...others]);
    await count([9, ...others], others);
    return snapshots.at(-1)?.absent.get(anEpc(9))?.evidence.rounds;
  }

  it('believes the silence of a tag no sooner for what it answered without being asked', async () => {
    const usual = await roundsToBelieve(false);
    expect(usual).toBeGreaterThan(4);
    expect(await roundsToBelieve(true)).toBe(usual);
  });
});
