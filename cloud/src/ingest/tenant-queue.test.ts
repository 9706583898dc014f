import { isAppError } from '@tagtrail/shared/error.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTenantQueue } from './tenant-queue.js';

interface Piece {
  readonly stream: string;
  readonly seq: number;
}

interface Run {
  readonly tenant: string;
  readonly items: readonly Piece[];
  finish(): void;
  fail(error: Error): void;
}

/** A store whose transactions end when the test says so. */
function queueOf(limits: { readonly together?: number; readonly atOnce?: number; readonly waitAtMost?: number } = {}) {
  const runs: Run[] = [];
  const queue = createTenantQueue<Piece, string>({
    together: 64,
    atOnce: 2,
    waitAtMost: 1000,
    ...limits,
    streamOf: ({ stream }) => stream,
    store: (tenant, items) =>
      new Promise((resolve, reject) => {
        const finish = () => resolve(items.map(({ stream, seq }) => `${stream}${seq}`));
        runs.push({ tenant, items, finish, fail: reject });
      }),
  });
  return { queue, runs };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('tenant queue', () => {
  it('gathers what arrives while as many transactions run as may', async () => {
    const { queue, runs } = queueOf();
    const answers = ['a', 'b', 'c', 'd', 'e', 'f'].map((stream) => queue.add('t', { stream, seq: 0 }));
    expect(runs.map(({ items }) => items.length)).toEqual([1, 1]);
    runs[0]?.finish();
    await settled();
    expect(runs.map(({ items }) => items.length)).toEqual([1, 1, 2]);
    runs[1]?.finish();
    await settled();
    expect(runs.map(({ items }) => items.length)).toEqual([1, 1, 2, 1]);
    for (const { finish } of runs) finish();
    await settled();
    for (const { finish } of runs) finish();
    expect(await Promise.all(answers)).toEqual(['a0', 'b0', 'c0', 'd0', 'e0', 'f0']);
    await queue.drained();
  });

  it('leaves the other customers their own transactions', async () => {
    const { queue, runs } = queueOf();
    for (const tenant of ['t', 't', 't', 'u']) void queue.add(tenant, { stream: `${runs.length}`, seq: 0 });
    expect(runs.map(({ tenant }) => tenant)).toEqual(['t', 't', 'u']);
    for (const { finish } of runs) finish();
    await settled();
    runs[3]?.finish();
    await queue.drained();
  });

  it('tries the items of a refused group one by one', async () => {
    const { queue, runs } = queueOf({ atOnce: 1 });
    const first = queue.add('t', { stream: 'a', seq: 0 });
    const rest = ['b', 'c'].map((stream) => queue.add('t', { stream, seq: 0 }));
    const bad = rest[1]?.catch((error: Error) => error.message);
    runs[0]?.finish();
    await settled();
    runs[1]?.fail(new Error('together'));
    await settled();
    runs[2]?.finish();
    await settled();
    runs[3]?.fail(new Error('alone'));
    expect(await first).toBe('a0');
    expect(await rest[0]).toBe('b0');
    expect(await bad).toBe('alone');
    expect(runs.map(({ items }) => items.length)).toEqual([1, 2, 1, 1]);
    await queue.drained();
  });

  it('turns away what is too much, and takes more when there is room again', async () => {
    const { queue, runs } = queueOf({ atOnce: 1, waitAtMost: 1 });
    void queue.add('t', { stream: 'a', seq: 0 });
    void queue.add('t', { stream: 'b', seq: 0 });
    const refused = await queue.add('t', { stream: 'c', seq: 0 }).catch((error: unknown) => error);
    expect(isAppError(refused, 'ingest.busy')).toBe(true);
    runs[0]?.finish();
    await settled();
    void queue.add('t', { stream: 'c', seq: 0 });
    for (let round = 1; round < 3; round++) {
      runs[round]?.finish();
      await settled();
    }
    await queue.drained();
    expect(runs).toHaveLength(3);
  });

  it('stores every item once and each stream in its order, one group at a time, whenever transactions end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 40 }),
        fc.array(fc.nat(20), { maxLength: 80 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        async (streams, ends, atOnce, together) => {
          const { queue, runs } = queueOf({ atOnce, together });
          const open = new Set<Run>();
          const seen = new Map<string, number>();
          let started = 0;
          const look = (): void => {
            for (; started < runs.length; started++) {
              const run = runs[started] as Run;
              expect(run.items.length).toBeLessThanOrEqual(together);
              for (const { stream, seq } of run.items) {
                expect([...open].some(({ items }) => items.some((other) => other.stream === stream))).toBe(false);
                expect(seq).toBe(seen.get(stream) ?? 0);
                seen.set(stream, seq + 1);
              }
              open.add(run);
            }
            expect(open.size).toBeLessThanOrEqual(atOnce);
          };
          const end = async (which: number): Promise<void> => {
            const run = [...open][which % Math.max(1, open.size)];
            if (run === undefined) return;
            open.delete(run);
            run.finish();
            await settled();
            look();
          };
          const sent = new Map<string, number>();
          const answers = streams.map((stream) => {
            const seq = sent.get(stream) ?? 0;
            sent.set(stream, seq + 1);
            return queue.add('t', { stream, seq });
          });
          look();
          for (const which of ends) await end(which);
          while (open.size > 0) await end(0);
          await queue.drained();
          expect(await Promise.all(answers)).toHaveLength(streams.length);
          expect(seen).toEqual(sent);
        },
      ),
      { numRuns: 100 },
    );
  });
});
