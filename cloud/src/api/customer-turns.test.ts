import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCustomerTurns } from './customer-turns.js';

/** Work that ends when it is told to. */
function held(): { readonly work: () => Promise<void>; readonly end: () => void; readonly isBegun: () => boolean } {
  let begun = false;
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    work: () => {
      begun = true;
      return over;
    },
    end,
    isBegun: () => begun,
  };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

describe('the turns of customers', () => {
  it('let one customer wait for itself and not for another', async () => {
    const turns = createCustomerTurns({ atOnce: 2, waiting: 10 });
    const works = [held(), held(), held()] as const;
    const other = held();
    const done = works.map(({ work }) => turns.run('a', work));
    done.push(turns.run('b', other.work));
    await settled();
    expect([...works, other].map(({ isBegun }) => isBegun())).toEqual([true, true, false, true]);
    works[0].end();
    await settled();
    expect(works[2].isBegun()).toBe(true);
    for (const { end } of [...works, other]) end();
    await Promise.all(done);
  });

  it('turn away what is too much, with a time to try again, and go on after work that failed', async () => {
    const turns = createCustomerTurns({ atOnce: 1, waiting: 1 });
    const first = held();
    const failing = turns.run('a', () => first.work().then(() => Promise.reject(new TypeError('of this test'))));
    const second = turns.run('a', async () => 2);
    await expect(turns.run('a', async () => 3)).rejects.toMatchObject({ problem: 'too-many-requests', retryAfter: 1 });
    first.end();
    await expect(failing).rejects.toThrow('of this test');
    expect(await second).toBe(2);
    expect(await turns.run('a', async () => 4)).toBe(4);
  });

  it('never run more than they may, whatever comes and ends in whatever order, and forget nobody', async () => {
    const arrival = fc.record({ customer: fc.constantFrom('a', 'b'), turns: fc.nat(5), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { maxLength: 40 }), async (arrivals) => {
        const turns = createCustomerTurns({ atOnce: 3, waiting: 100 });
        const running = new Map([
          ['a', 0],
          ['b', 0],
        ]);
        const change = (customer: string, by: number): number => {
          const now = (running.get(customer) ?? 0) + by;
          running.set(customer, now);
          return now;
        };
        const outcomes = await Promise.allSettled(
          arrivals.map(({ customer, turns: long, fails }) =>
            turns.run(customer, async () => {
              expect(change(customer, 1)).toBeLessThanOrEqual(3);
              for (let i = 0; i < long; i++) await Promise.resolve();
              change(customer, -1);
              if (fails) throw new TypeError('of this test');
            }),
          ),
        );
        expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(arrivals.map(({ fails }) => fails));
      }),
    );
  });
});
