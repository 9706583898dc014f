import { describe, expect, it } from 'vitest';
import { createWorldClock } from './world-clock.js';

describe('the clock of the world', () => {
  it('fires timers by due time, then in the order in which they were started', async () => {
    const clock = createWorldClock();
    const fired: string[] = [];
    for (const [name, afterMs] of [
      ['c', 20],
      ['a', 10],
      ['b', 10],
    ] as const) {
      clock.startTimer(name, afterMs, () => fired.push(`${name} at ${clock.monotonicMs()}`));
    }
    await clock.advance(15);
    expect(fired).toEqual(['a at 10', 'b at 10']);
    await clock.advance(5);
    expect(fired.at(-1)).toBe('c at 20');
  });

  it('names the timer that keeps time from passing', async () => {
    const clock = createWorldClock();
    const again = (): void => void clock.startTimer('impatient', 0, again);
    again();
    await expect(clock.advance(1)).rejects.toMatchObject({
      ...{ code: 'world.stands_still', message: expect.stringContaining('"impatient"') },
    });
  });
});
