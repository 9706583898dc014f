import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEvent } from '../testing/journal-fixtures.js';
import { createClockMeter, readClock } from './clock-meter.js';

const dayMs = 86_400_000;

function aMeter() {
  const clock = new VirtualClock();
  const drafts: TraceDraft[] = [];
  const meter = createClockMeter({ clock, log: silentLog });
  meter.watch({
    record: async (draft) => {
      drafts.push(draft);
      return anEvent(drafts.length);
    },
  });
  return { clock, meter, drafts };
}

describe('readClock', () => {
  it('never claims to know the offset better than it does', () => {
    const ms = fc.integer({ min: 0, max: 30_000 });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: -10 * dayMs, max: 10 * dayMs }), (up, down, offset) => {
        const wall = Date.UTC(2026, 0, 5);
        const { offsetMs, errorMs } = readClock({
          ...{ askedMono: 1000, answeredMono: 1000 + up + down },
          ...{ answeredWallMs: wall + up + down, cloudWallMs: wall + up + offset },
        });
        expect(Math.abs(offsetMs - offset)).toBeLessThanOrEqual(errorMs + 1);
      }),
    );
  });
});

describe('the clock meter', () => {
  it('calls times unchecked until the cloud has answered, then wrong or nothing', async () => {
    const { clock, meter } = aMeter();
    expect([meter.timeQuality(), meter.reading()]).toEqual(['unchecked', null]);
    await clock.advance(200);
    meter.measured(clock.monotonicMs() - 100, new Date(clock.wallMs() + 250).toISOString());
    expect(meter.reading()).toMatchObject({ offsetMs: 300, errorMs: 50 });
    expect(meter.timeQuality()).toBeUndefined();
    meter.measured(clock.monotonicMs(), new Date(clock.wallMs() + 3 * dayMs).toISOString());
    expect([meter.timeQuality(), meter.wrongSince()]).toEqual(['wrong', new Date(clock.wallMs()).toISOString()]);
  });

  it('records a step with the time before and after, and trusts the new time only when it is checked', async () => {
    const { clock, meter, drafts } = aMeter();
    meter.measured(clock.monotonicMs(), new Date(clock.wallMs()).toISOString());
    await clock.advance(12_000);
    const before = clock.wallMs();
    clock.stepWall(-dayMs);
    await clock.advance(3_000);
    expect(drafts).toEqual([
      { kind: 'clock.stepped', data: { beforeMs: before + 3_000, afterMs: before + 3_000 - dayMs } },
    ]);
    expect(meter.timeQuality()).toBe('unchecked');
    await clock.advance(60_000);
    expect(drafts).toHaveLength(1);
  });
});
