import { silentLog } from '@tagtrail/shared/log/log.js';
import type { CommandMessage } from '@tagtrail/shared/mqtt/messages.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { createSimulatedDisk } from '../testing/simulated-disk.js';
import { openCommandGate } from './command-gate.js';

const clock = new VirtualClock(Date.UTC(2026, 0, 5, 6));
const aCommand = (counter: number, expiresAt = '2026-01-05T06:01:00.000Z'): CommandMessage => ({
  ...{ v: 1, id: `command ${counter}`, counter, expiresAt, kind: 'count_now' },
});

describe('the command gate', () => {
  it('lets each command through once, also over a restart', async () => {
    const disk = createSimulatedDisk();
    const done: number[] = [];
    const carryOut = ({ counter }: CommandMessage) => done.push(counter);
    const gate = await openCommandGate({ disk, clock, log: silentLog });
    expect(await gate.admit(aCommand(5), carryOut)).toBe('carried_out');
    expect(await gate.admit(aCommand(5), carryOut)).toBe('repeated');
    const again = await openCommandGate({ disk, clock, log: silentLog });
    expect(await again.admit(aCommand(4), carryOut)).toBe('repeated');
    expect(await again.admit(aCommand(6), carryOut)).toBe('carried_out');
    expect(done).toEqual([5, 6]);
  });

  it('drops what comes too late and what it cannot remember', async () => {
    const disk = createSimulatedDisk();
    const gate = await openCommandGate({ disk, clock, log: silentLog });
    const never = () => expect.unreachable();
    expect(await gate.admit(aCommand(1, '2026-01-05T06:00:00.000Z'), never)).toBe('expired');
    disk.refuse('sync', 'disk.fault', 1);
    expect(await gate.admit(aCommand(1), never)).toBe('unsaved');
  });
});
