import { crc16Modbus } from '@tagtrail/shared/bytes/crc.js';
import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { describe, expect, it } from 'vitest';
import type { ModbusConfig } from '../../device-config.js';
import { createDeviceHarness, type DeviceHarness } from '../../testing/device-harness.js';
import type { LockBoard } from '../reader.js';
import { createModbusLockBoard } from './modbus-lock-board.js';

const config: ModbusConfig = {
  driver: 'modbus',
  path: '/dev/lock',
  baudRate: 9600,
  unitId: 1,
  pulseMs: 700,
  doors: [
    { door: 1, relay: 0, contact: 0, closedWhen: true },
    { door: 2, relay: 1, contact: 3, closedWhen: true },
  ],
};

/** Frames as published for Waveshare boards and in the Modbus specification, or computed from them. */
const frames = {
  pulseDoorOne: '0105020000078DB0',
  pulseDoorTwo: '010502010007DC70',
  offDoorOne: '010500000000CDCA',
  readFourInputs: '01020000000479C9',
  inputsNone: '01020100A188',
  inputsAll: '0102010FE18C',
  inputsDoorTwo: '01020108A04E',
  /** published with a wrong CRC */
  inputsWrongCrc: '01020103A190',
  refusedPulse: '0185018350',
} as const;

interface Bench extends DeviceHarness {
  readonly board: LockBoard;
  readonly doors: [number, string][];
  /** Every request, with the time when it came. */
  readonly asked: { hex: string; atMs: number }[];
  /** Decides the answer; undefined = the usual one, null = none. */
  answerWith(answer: (request: string) => string | null | undefined): void;
  pulses(): string[];
}

function sealed(hex: string): string {
  const bytes = fromHex(hex);
  const crc = crc16Modbus(bytes);
  return hex + toHex(Uint8Array.of(crc & 0xff, crc >>> 8));
}

function usualAnswer(request: string): string {
  const code = request.slice(2, 4);
  if (code === '02') return frames.inputsAll;
  if (code === '03') return sealed('0103020000');
  return request;
}

function createBench(settings: Partial<ModbusConfig> = {}): Bench {
  const doors: Bench['doors'] = [];
  const asked: Bench['asked'] = [];
  let answer: (request: string) => string | null | undefined = () => undefined;
  const harness = createDeviceHarness((link: SerialLink) => {
    link.onData((chunk) => {
      const request = toHex(chunk);
      asked.push({ hex: request, atMs: harness.clock.monotonicMs() });
      const chosen = answer(request);
      const reply = chosen === undefined ? usualAnswer(request) : chosen;
      if (reply !== null) link.write(fromHex(reply)).catch(() => {});
    });
  });
  const board = createModbusLockBoard({
    ...harness,
    config: { ...config, ...settings },
    listener: {
      onDoor: (door, state) => doors.push([door, state]),
      onReport: (report) => harness.reports.push(report),
    },
  });
  return {
    ...harness,
    board,
    doors,
    asked,
    answerWith: (next) => {
      answer = next;
    },
    pulses: () => asked.map((one) => one.hex).filter((hex) => hex.startsWith('010502')),
  };
}

async function readyBench(settings: Partial<ModbusConfig> = {}): Promise<Bench> {
  const bench = createBench(settings);
  bench.board.start();
  await bench.clock.advance(500);
  return bench;
}

/** The outcome of an unlock while time goes on. */
async function outcomeOf(bench: Bench, unlocking: Promise<void>, forMs = 2000): Promise<string> {
  const outcome = unlocking.then(
    () => 'unlocked',
    (error: { code?: string }) => String(error.code),
  );
  await bench.clock.advance(forMs);
  return outcome;
}

describe('createModbusLockBoard', () => {
  it('checks the mode of its relays, then asks for the contacts every 100 ms', async () => {
    const bench = await readyBench();
    expect(bench.asked.slice(0, 3).map((one) => one.hex)).toEqual([
      sealed('010310000001'),
      sealed('010310010001'),
      frames.readFourInputs,
    ]);
    const polls = bench.asked.slice(2).map((one) => one.atMs);
    expect(polls).toEqual([0, 100, 200, 300, 400, 500]);
    expect(bench.status()).toBe('ok');
  });

  it('sets a relay back that follows its input', async () => {
    const bench = createBench();
    bench.answerWith((request) => (request.startsWith('01031001') ? sealed('0103020001') : undefined));
    bench.board.start();
    await bench.clock.advance(100);
    expect(bench.asked[2]?.hex).toBe(sealed('010610010000'));
  });

  it('does without mode registers', async () => {
    const bench = createBench();
    bench.answerWith((request) => (request.startsWith('0103') ? sealed('018302') : undefined));
    bench.board.start();
    await bench.clock.advance(500);
    expect(bench.status()).toBe('ok');
  });

  it('tells a contact after two equal polls', async () => {
    const bench = await readyBench();
    expect(bench.doors).toEqual([
      [1, 'closed'],
      [2, 'closed'],
    ]);
    const levels = [frames.inputsDoorTwo, frames.inputsAll, frames.inputsDoorTwo, frames.inputsDoorTwo];
    bench.answerWith((request) => (request.startsWith('0102') ? (levels.shift() ?? frames.inputsDoorTwo) : undefined));
    await bench.clock.advance(300);
    expect(bench.doors).toHaveLength(2);
    await bench.clock.advance(100);
    expect(bench.doors.at(-1)).toEqual([1, 'open']);
  });

  it('pulses the lock of a door for the time of the settings', async () => {
    const bench = await readyBench();
    const outcome = await outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs() + 1000));
    expect(outcome).toBe('unlocked');
    expect(bench.pulses()).toEqual([frames.pulseDoorOne]);
  });

  it('ends a pulse that still runs before the next, because a latch draws its bolt when the drive begins', async () => {
    const bench = await readyBench();
    const unlock = () => outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs() + 1000), 300);
    await unlock();
    expect(await unlock()).toBe('unlocked');
    const writes = bench.asked.filter(({ hex }) => hex.startsWith('0105'));
    expect(writes.map(({ hex }) => hex)).toEqual([frames.pulseDoorOne, frames.offDoorOne, frames.pulseDoorOne]);
    const [, off, again] = writes.map(({ atMs }) => atMs);
    expect((again ?? 0) - (off ?? 0)).toBe(100);
    await bench.clock.advance(1000);
    await unlock();
    expect(bench.asked.filter(({ hex }) => hex === frames.offDoorOne)).toHaveLength(1);
  });

  it('sends nothing for a command that has expired', async () => {
    const bench = await readyBench();
    expect(await outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs()))).toBe('lock.command_expired');
    expect(bench.pulses()).toEqual([]);
  });

  it('drops a command that expires while another request is in flight', async () => {
    const bench = await readyBench();
    bench.answerWith(() => null);
    await bench.clock.advance(110);
    const outcome = await outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs() + 20), 300);
    expect(outcome).toBe('lock.command_expired');
    expect(bench.pulses()).toEqual([]);
  });

  it('refuses at once while the board is away, and sends nothing when it is back', async () => {
    const bench = await readyBench();
    bench.unplug();
    await bench.clock.advance(50);
    expect(await outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs() + 60_000), 0)).toBe(
      'lock.not_connected',
    );
    bench.replug();
    await bench.clock.advance(20_000);
    expect(bench.status()).toBe('ok');
    expect(bench.pulses()).toEqual([]);
  });

  it('never sends a command after a reconnect that waited when the cable was pulled', async () => {
    const bench = await readyBench();
    bench.answerWith(() => null);
    await bench.clock.advance(110);
    const unlocking = bench.board.unlock(1, bench.clock.monotonicMs() + 60_000);
    bench.unplug();
    expect(await outcomeOf(bench, unlocking, 0)).toBe('lock.not_connected');
    bench.answerWith(() => undefined);
    bench.replug();
    await bench.clock.advance(20_000);
    expect(bench.pulses()).toEqual([]);
  });

  it('drops the line when the board does not answer an unlock', async () => {
    const bench = await readyBench();
    bench.answerWith((request) => (request.startsWith('0105') ? null : undefined));
    const opened = bench.openedAt.length;
    const outcome = await outcomeOf(bench, bench.board.unlock(2, bench.clock.monotonicMs() + 1000));
    expect(outcome).toBe('lock.not_connected');
    expect(bench.pulses()).toEqual([frames.pulseDoorTwo, frames.pulseDoorTwo]);
    expect(bench.openedAt.length).toBe(opened + 1);
  });

  it('says that the board refused', async () => {
    const bench = await readyBench();
    bench.answerWith((request) => (request.startsWith('0105') ? frames.refusedPulse : undefined));
    expect(await outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs() + 1000))).toBe('lock.refused');
    expect(await outcomeOf(bench, bench.board.unlock(7, bench.clock.monotonicMs() + 1000))).toBe('lock.refused');
    expect(bench.status()).toBe('ok');
  });

  it('knows no door state while the board is away', async () => {
    const bench = await readyBench();
    bench.unplug();
    await bench.clock.advance(10);
    expect(bench.status()).toBe('unplugged');
    expect(bench.doors.slice(-2)).toEqual([
      [1, 'unknown'],
      [2, 'unknown'],
    ]);
    bench.replug();
    await bench.clock.advance(2000);
    expect(bench.doors.slice(-2)).toEqual([
      [1, 'closed'],
      [2, 'closed'],
    ]);
  });

  it('is silent after three polls without an answer, and heals', async () => {
    const bench = await readyBench();
    bench.answerWith(() => null);
    await bench.clock.advance(1200);
    expect(bench.status()).toBe('silent');
    bench.answerWith(() => undefined);
    await bench.clock.advance(8000);
    expect(bench.status()).toBe('ok');
  });

  it('is garbled when answers come that make no sense', async () => {
    const bench = await readyBench();
    bench.answerWith((request) => (request.startsWith('0102') ? frames.inputsWrongCrc : undefined));
    await bench.clock.advance(1200);
    expect(bench.status()).toBe('garbled');
    expect(bench.doors.slice(-1)).toEqual([[2, 'unknown']]);
    bench.answerWith(() => undefined);
    await bench.clock.advance(8000);
    expect(bench.status()).toBe('ok');
  });

  it('finds its answer behind noise', async () => {
    const bench = await readyBench();
    bench.answerWith((request) => (request.startsWith('0102') ? `00FF01${frames.inputsNone}` : undefined));
    await bench.clock.advance(300);
    expect(bench.doors.slice(-1)).toEqual([[2, 'open']]);
  });

  it('leaves nothing behind when it closes', async () => {
    const bench = await readyBench();
    await bench.board.close();
    await bench.clock.advance(300);
    expect(bench.clock.pending()).toEqual([]);
    expect(await outcomeOf(bench, bench.board.unlock(1, bench.clock.monotonicMs() + 1000))).toBe('lock.not_connected');
  });
});
