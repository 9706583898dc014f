import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { createServerClock } from './server-clock.js';

const wallMs = Date.parse('2026-11-22T06:00:00.000Z');

describe('createServerClock', () => {
  it('follows a server whose clock differs, so that a wrong tablet does not call everything stale', async () => {
    const clock = new VirtualClock(wallMs);
    const server = createServerClock(clock);
    server.learn('Sun, 22 Nov 2026 07:00:00 GMT');
    await clock.advance(10_000);
    expect(server.nowMs()).toBe(wallMs + 3_600_000 + 500 + 10_000);
  });

  it('leaves its own clock alone when the difference is only the coarse header, and ignores nonsense', () => {
    const server = createServerClock(new VirtualClock(wallMs));
    server.learn('Sun, 22 Nov 2026 05:59:59 GMT');
    server.learn('soon');
    expect(server.nowMs()).toBe(wallMs);
  });
});
