import { describe, expect, it } from 'vitest';
import { gatherReads } from './gathered-reads.js';

describe('gathered reads', () => {
  function opened() {
    const reads: { keys: readonly string[]; answer: (values: Map<string, number>) => void; fail: () => void }[] = [];
    const read = gatherReads<number>(
      (keys) =>
        new Promise((resolve, reject) => {
          reads.push({ keys, answer: resolve, fail: () => reject(new TypeError('no database')) });
        }),
      3,
    );
    return { reads, read };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('reads together what came while another read ran, each key once', async () => {
    const { reads, read } = opened();
    const first = read('a');
    await turn();
    const rest = ['b', 'c', 'b', 'a'].map(read);
    await turn();
    expect(reads.map(({ keys }) => keys)).toEqual([['a']]);
    reads[0]?.answer(new Map([['a', 1]]));
    expect(await first).toBe(1);
    await turn();
    expect(reads.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c', 'a']]);
    reads[1]?.answer(new Map([['b', 2]]));
    expect(await Promise.all(rest)).toEqual([2, undefined, 2, undefined]);
  });

  it('begins a read after it was asked for: what runs already is too old', async () => {
    const { reads, read } = opened();
    void read('a');
    await turn();
    const again = read('a');
    reads[0]?.answer(new Map([['a', 1]]));
    await turn();
    reads[1]?.answer(new Map([['a', 2]]));
    expect(await again).toBe(2);
  });

  it('takes so many keys into one read at most', async () => {
    const { reads, read } = opened();
    const all = ['a', 'b', 'c', 'd'].map(read);
    await turn();
    reads[0]?.answer(new Map());
    await turn();
    reads[1]?.answer(new Map([['d', 4]]));
    expect(await Promise.all(all)).toEqual([undefined, undefined, undefined, 4]);
    expect(reads.map(({ keys }) => keys)).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('tells a failure to those who waited for it and goes on', async () => {
    const { reads, read } = opened();
    const lost = read('a');
    await turn();
    reads[0]?.fail();
    await expect(lost).rejects.toThrow('no database');
    const found = read('a');
    await turn();
    reads[1]?.answer(new Map([['a', 1]]));
    expect(await found).toBe(1);
  });
});
