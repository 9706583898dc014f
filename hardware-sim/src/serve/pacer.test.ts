import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacer } from './pacer.js';

function aPacer(baud: number) {
  const clock = new VirtualClock();
  const arrived: { readonly at: number; readonly bytes: number }[] = [];
  const content: number[] = [];
  const pacer = createPacer({
    clock,
    baud: () => baud,
    deliver: (bytes) => {
      arrived.push({ at: clock.monotonicMs(), bytes: bytes.length });
      content.push(...bytes);
    },
  });
  return { clock, arrived, content, pacer };
}

describe('createPacer', () => {
  it('takes ten bits for each byte', async () => {
    const { clock, arrived, pacer } = aPacer(9600);
    pacer.send(new Uint8Array(48));
    await clock.advance(1000);
    expect(arrived).toEqual([{ at: 50, bytes: 48 }]);
  });

  it('lets a second message wait for the first', async () => {
    const { clock, arrived, pacer } = aPacer(9600);
    pacer.send(new Uint8Array(48));
    pacer.send(new Uint8Array(24));
    await clock.advance(1000);
    expect(arrived).toEqual([
      { at: 50, bytes: 48 },
      { at: 75, bytes: 24 },
    ]);
  });

  it('does not let a late message overtake or be overtaken', async () => {
    const { clock, content, pacer } = aPacer(9600);
    pacer.send(Uint8Array.of(1), 500);
    pacer.send(Uint8Array.of(2));
    await clock.advance(1000);
    expect(content).toEqual([1, 2]);
  });

  it('delivers everything in order, never faster than the line, for any messages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), async (messages) => {
        const { clock, arrived, content, pacer } = aPacer(115_200);
        for (const message of messages) pacer.send(message);
        await clock.advance(10_000);
        expect(content).toEqual(messages.flatMap((message) => [...message]));
        let through = 0;
        for (const { at, bytes } of arrived) {
          through += bytes;
          expect(at).toBeGreaterThanOrEqual((through * 10_000) / 115_200 - 1e-6);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses more than it can hold, and counts it', () => {
    const { pacer } = aPacer(9600);
    pacer.send(new Uint8Array(64 * 1024));
    pacer.send(new Uint8Array(10));
    expect(pacer.overrunBytes()).toBe(10);
  });

  it('forgets what is on the way', async () => {
    const { clock, arrived, pacer } = aPacer(9600);
    pacer.send(new Uint8Array(10));
    pacer.clear();
    await clock.advance(1000);
    expect(arrived).toEqual([]);
    expect(clock.pending()).toEqual([]);
  });
});
