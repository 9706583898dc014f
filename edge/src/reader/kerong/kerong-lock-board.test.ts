import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { describe, expect, it } from 'vitest';
import type { KerongConfig } from '../../device-config.js';
import { createDeviceHarness } from '../../testing/device-harness.js';
import { createKerongLockBoard } from './kerong-lock-board.js';

/** Frames as published for CU16 and CU48 boards, or computed from their layout. */
const cu16 = {
  status: '0200300335',
  unlock: '0200310336',
  allClosed: '020035FFFF00000338',
  noneClosed: '02003500000000033A',
};
const cu48 = { status: '020000600365', changed: '02000A770100000000000100000000000388' };

const config: KerongConfig = {
  driver: 'kerong-cu16',
  path: '/dev/lock',
  baudRate: 19_200,
  board: 0,
  doors: [{ door: 1, relay: 0, contact: 0, closedWhen: true }],
};

function createBench(settings: Partial<KerongConfig> = {}) {
  const asked: string[] = [];
  const doors: [number, string][] = [];
  let answer: (request: string) => string | null = (request) => (request === cu16.status ? cu16.allClosed : null);
  const harness = createDeviceHarness((link) => {
    link.onData((chunk) => {
      const request = toHex(chunk);
      asked.push(request);
      const reply = answer(request);
      if (reply !== null) link.write(fromHex(reply)).catch(() => {});
    });
  });
  const board = createKerongLockBoard({
    ...harness,
    config: { ...config, ...settings } as KerongConfig,
    listener: {
      onDoor: (door, state) => doors.push([door, state]),
      onReport: (report) => harness.reports.push(report),
    },
  });
  board.start();
  return {
    ...harness,
    board,
    asked,
    doors,
    answerWith: (next: typeof answer) => {
      answer = next;
    },
    unlocks: () => asked.filter((hex) => hex === cu16.unlock).length,
  };
}

type Bench = ReturnType<typeof createBench>;

async function readyBench(settings: Partial<KerongConfig> = {}): Promise<Bench> {
  const bench = createBench(settings);
  await bench.clock.advance(500);
  return bench;
}

async function outcomeOf(bench: Bench, unlocking: Promise<void>, forMs = 2000): Promise<string> {
  const outcome = unlocking.then(
    () => 'unlocked',
    (error: { code?: string }) => String(error.code),
  );
  await bench.clock.advance(forMs);
  return outcome;
}

describe('createKerongLockBoard', () => {
  it('asks for the status and tells the doors', async () => {
    const bench = await readyBench();
    expect(bench.asked.slice(0, 2)).toEqual([cu16.status, cu16.status]);
    expect(bench.status()).toBe('ok');
    bench.answerWith(() => cu16.noneClosed);
    await bench.clock.advance(300);
    expect(bench.doors).toEqual([
      [1, 'closed'],
      [1, 'open'],
    ]);
  });

  it('reads a board on which 0 means closed when the settings say so', async () => {
    const bench = await readyBench({ doors: [{ door: 1, relay: 0, contact: 0, closedWhen: false }] });
    expect(bench.doors).toEqual([[1, 'open']]);
  });

  it('unlocks a board that leaves the command without an answer', async () => {
    const bench = await readyBench();
    expect(await outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs() + 1000))).toBe('unlocked');
    expect(bench.unlocks()).toBe(1);
  });

  it('sends nothing for a command that has expired', async () => {
    const bench = await readyBench();
    expect(await outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs()))).toBe('lock.command_expired');
    expect(bench.unlocks()).toBe(0);
  });

  it('drops a command that expires while another request is in flight', async () => {
    const bench = await readyBench();
    bench.answerWith(() => null);
    await bench.clock.advance(110);
    const outcome = await outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs() + 20), 300);
    expect(outcome).toBe('lock.command_expired');
    expect(bench.unlocks()).toBe(0);
  });

  it('drops the line when the board does not show itself after an unlock', async () => {
    const bench = await readyBench();
    bench.answerWith(() => null);
    const opened = bench.openedAt.length;
    expect(await outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs() + 1500))).toBe('lock.not_connected');
    expect(bench.openedAt.length).toBeGreaterThan(opened);
    const sent = bench.unlocks();
    bench.answerWith((request) => (request === cu16.status ? cu16.allClosed : null));
    await bench.clock.advance(20_000);
    expect(bench.status()).toBe('ok');
    expect(bench.unlocks()).toBe(sent);
  });

  it('never sends a command after a reconnect that waited when the cable was pulled', async () => {
    const bench = await readyBench();
    bench.answerWith(() => null);
    await bench.clock.advance(110);
    const unlocking = bench.board.unlock(1, bench.clock.monotonicMs() + 60_000);
    bench.unplug();
    expect(await outcomeOf(bench, unlocking, 0)).toBe('lock.not_connected');
    bench.answerWith((request) => (request === cu16.status ? cu16.allClosed : null));
    bench.replug();
    await bench.clock.advance(20_000);
    expect(bench.unlocks()).toBe(0);
  });

  it('takes what a CU48 tells by itself as no answer', async () => {
    const bench = createBench({ driver: 'kerong-cu48' });
    bench.answerWith((request) => (request === cu48.status ? cu48.changed : null));
    await bench.clock.advance(2000);
    expect(bench.asked[0]).toBe(cu48.status);
    expect(bench.doors).toEqual([]);
    expect(bench.status()).toBe('silent');
  });

  it('leaves nothing behind when it closes', async () => {
    const bench = await readyBench();
    await bench.board.close();
    await bench.clock.advance(300);
    expect(bench.clock.pending()).toEqual([]);
  });
});
