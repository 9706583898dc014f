import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { createSendPace } from './send-pace.js';

describe('the pace of what goes down', () => {
  const sentAfter = async (turns: number, bytes: number, ms: number): Promise<number> => {
    const clock = new VirtualClock();
    const pace = createSendPace(clock, { messagesPerSecond: 20, bytesPerSecond: 10_000 });
    let sent = 0;
    void (async () => {
      for (let turn = 0; turn < turns; turn++) {
        await pace.turn(bytes);
        sent++;
      }
    })();
    await clock.advance(ms);
    return sent;
  };

  it('lets the messages of a small house go at once', async () => {
    expect(await sentAfter(20, 100, 0)).toBe(20);
  });

  it.each([
    ['messages', 100, 1, 2_000, 60],
    ['bytes', 100, 1_000, 2_000, 30],
  ])('bounds the %s of each second after the first', async (_what, turns, bytes, ms, most) => {
    const sent = await sentAfter(turns, bytes, ms);
    expect(sent).toBeGreaterThan(most * 0.9);
    expect(sent).toBeLessThanOrEqual(most + 2);
  });

  it('sends what is larger than a second holds, and waits after it', async () => {
    expect(await sentAfter(3, 50_000, 3_900)).toBe(1);
    expect(await sentAfter(3, 50_000, 4_100)).toBe(2);
  });
});
