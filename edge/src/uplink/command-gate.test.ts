import { silentLog } from '@tagtrail/shared/log/log.js';
import type { CommandMessage } from '@tagtrail/shared/mqtt/messages.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { memoryJournal } from '../testing/builders.js';
import { createSimulatedDisk, type SimulatedDisk } from '../testing/simulated-disk.js';
import { type ArrivedCommand, openCommandGate } from './command-gate.js';

const inTime = '2026-01-05T06:00:10.000Z';
const aCommand = (counter: number, fields: Partial<CommandMessage> & { signed?: boolean } = {}): ArrivedCommand => {
  const { signed = true, ...more } = fields;
  return {
    command: { v: 1, id: `command ${counter}`, counter, expiresAt: inTime, kind: 'count_now', ...more },
    signed,
  };
};

async function aGate(disk: SimulatedDisk = createSimulatedDisk()) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 6));
  const journal = memoryJournal(clock);
  const done: number[] = [];
  const gate = await openCommandGate({ disk, recorder: journal, clock, log: silentLog });
  const admit = (arrived: ArrivedCommand) => gate.admit(arrived, ({ counter }) => done.push(counter));
  return { admit, clock, journal, done, disk, gate };
}

describe('the command gate', () => {
  it('lets each command through once, also over a restart', async () => {
    const { admit, done, disk } = await aGate();
    expect(await admit(aCommand(5))).toBe('carried_out');
    expect(await admit(aCommand(5))).toBe('repeated');
    const again = await aGate(disk);
    expect(again.gate.lastCounter()).toBe(5);
    expect(await again.admit(aCommand(4))).toBe('repeated');
    expect(await again.admit(aCommand(6))).toBe('carried_out');
    expect([...done, ...again.done]).toEqual([5, 6]);
  });

  it.each([
    ['forged', { signed: false }],
    ['expired', { expiresAt: '2026-01-05T06:00:00.000Z' }],
    ['repeated', { counter: 1 }],
  ] as const)('does nothing for an unlock that is %s, and records it', async (outcome, fields) => {
    const { admit, journal, done } = await aGate();
    await admit(aCommand(1));
    expect(await admit(aCommand(2, { kind: 'unlock', id: 'x', ...fields }))).toBe(outcome);
    expect(done).toEqual([1]);
    expect(journal.events).toMatchObject([
      { kind: 'command.carried_out', data: { command: 'command 1', what: 'count_now' } },
      { kind: 'command.refused', data: { command: 'x', what: 'unlock', reason: outcome, more: 0 } },
    ]);
  });

  it('does not use up a counter for a forged command', async () => {
    const { admit } = await aGate();
    expect(await admit(aCommand(9_000_000, { signed: false }))).toBe('forged');
    expect(await admit(aCommand(1))).toBe('carried_out');
  });

  it('does nothing that it cannot remember', async () => {
    const { admit, disk, done } = await aGate();
    disk.refuse('sync', 'disk.fault', 1);
    expect(await admit(aCommand(1))).toBe('unsaved');
    expect(done).toEqual([]);
  });

  it('keeps a flood of forged commands out of the journal, and counts it', async () => {
    const { admit, clock, journal } = await aGate();
    for (let i = 0; i < 500; i++) await admit(aCommand(1, { signed: false }));
    await clock.advance(60_000);
    await admit(aCommand(1, { signed: false }));
    expect(journal.events.map(({ data }) => data)).toMatchObject([{ more: 0 }, { more: 499 }]);
  });
});
