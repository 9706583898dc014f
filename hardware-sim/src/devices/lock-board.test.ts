import { crc16Modbus } from '@tagtrail/shared/bytes/crc.js';
import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { answer, type BehaviourStack, createBehaviourStack, swallow } from './behaviour.js';
import { createLockBoard, type LockBoard } from './lock-board.js';

describe('createLockBoard', () => {
  let clock: VirtualClock;
  let sent: string[];
  let inputs: boolean[];
  let switched: string[];
  let behaviours: BehaviourStack;
  let board: LockBoard;

  beforeEach(() => {
    clock = new VirtualClock();
    sent = [];
    inputs = [false, false, false, false, false, true, false, false];
    switched = [];
    behaviours = createBehaviourStack();
    board = createLockBoard({
      clock,
      unitId: 1,
      behaviours,
      input: (channel) => inputs[channel] ?? false,
      onRelay: (channel, on) => switched.push(`${channel} ${on ? 'on' : 'off'} at ${clock.monotonicMs()}`),
    });
    board.powerOn((bytes) => sent.push(toHex(bytes)));
  });

  /** Sends a whole frame, its checksum given or computed. */
  function ask(body: string): string | undefined {
    board.receive(withCrc(body));
    return sent.pop();
  }

  // Published conversations of eight-channel relay boards (Waveshare type).
  it.each([
    ['relay 1 on', '01050000FF008C3A', '01050000FF008C3A'],
    ['all relays on', '010500FFFF00BC0A', '010500FFFF00BC0A'],
    ['read the inputs', '01020000000879CC', '01020120A050'],
    ['switch eight relays', '010F0000000801FFBED5', '010F00000008540D'],
    ['set a mode', '0106100000014CCA', '0106100000014CCA'],
  ])('answers the published request: %s', (_what, request, reply) => {
    board.receive(fromHex(request));
    expect(sent).toEqual([reply]);
  });

  it('switches a pulse off by itself after the time that the request says', async () => {
    board.receive(fromHex('0105020000078DB0'));
    await clock.advance(5000);
    expect(sent).toEqual(['0105020000078DB0']);
    expect(switched).toEqual(['0 on at 0', '0 off at 700']);
  });

  it('lets an ordinary command end a pulse', async () => {
    board.receive(fromHex('0105020000078DB0'));
    await clock.advance(100);
    ask('010500000000');
    ask('01050000FF00');
    await clock.advance(5000);
    expect(switched).toEqual(['0 on at 0', '0 off at 100', '0 on at 100']);
  });

  it.each([
    ['illegal function', '012B0E0100', '01AB01'],
    ['a coil that is not there', '01050008FF00', '018502'],
    ['coils beyond the last', '010100040008', '018102'],
    ['an illegal coil value, as published', '01050000F000', '018503'],
    ['a pulse of no length', '010502000000', '018503'],
    ['a mode that is not there', '010610000004', '018603'],
    ['a register that is not there', '010300000002', '018302'],
    ['no coils at all', '010100000000', '018103'],
  ])('answers an exception to %s', async (_what, request, exception) => {
    board.receive(withCrc(request));
    await clock.advance(100);
    expect(sent).toEqual([toHex(withCrc(exception))]);
    expect(switched).toEqual([]);
    expect(board.counters).toMatchObject({ requests: 0, exceptions: 1 });
  });

  it('leaves requests to other units alone and counts them', () => {
    board.receive(fromHex('1103006B00037687'));
    expect(sent).toEqual([]);
    expect(board.counters.otherUnits).toBe(1);
  });

  it('carries out a broadcast without an answer', () => {
    expect(ask('00050000FF00')).toBeUndefined();
    expect(board.relayOn(0)).toBe(true);
  });

  it.each(['01050002F1009FB7', '01020103A190'])('discards %s, whose published checksum is wrong', async (bad) => {
    board.receive(fromHex(bad));
    await clock.advance(100);
    expect(sent).toEqual([]);
    expect(board.counters.discardedBytes).toBe(bad.length / 2);
  });

  it('understands a request in single bytes, after noise and behind half a request', async () => {
    for (const byte of fromHex('FF0001050000FF008C3A')) board.receive(Uint8Array.of(byte));
    expect(sent).toEqual(['01050000FF008C3A']);
    board.receive(fromHex('0105'));
    await clock.advance(100);
    board.receive(fromHex('01020000000879CC'));
    expect(sent).toHaveLength(2);
  });

  it('answers a good request after any bytes and a silence', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), async (chunks) => {
        for (const chunk of chunks) board.receive(chunk);
        await clock.advance(100);
        sent = [];
        board.receive(fromHex('01020000000879CC'));
        expect(sent).toEqual(['01020120A050']);
      }),
      { numRuns: 100 },
    );
  });

  it('lets a door switch drive a relay only in the modes that say so', () => {
    board.inputChanged(5);
    expect(switched).toEqual([]);
    ask('010610050001');
    board.inputChanged(5);
    expect(board.relayOn(5)).toBe(true);
    inputs[5] = false;
    board.inputChanged(5);
    expect(board.relayOn(5)).toBe(false);
  });

  it('forgets relays, pulses and modes without power', async () => {
    ask('010610050001');
    board.receive(fromHex('0105020000078DB0'));
    board.powerOff();
    await clock.advance(5000);
    expect(switched).toEqual(['0 on at 0', '0 off at 0']);
    board.receive(fromHex('01020000000879CC'));
    board.powerOn((bytes) => sent.push(toHex(bytes)));
    expect(ask('010310050001')).toBe(toHex(withCrc('0103020000')));
  });

  it('asks its behaviours first, the newest before the others', () => {
    const remove = behaviours.push({ name: 'old', request: () => swallow });
    behaviours.push({ name: 'new', request: (request) => answer({ ...request, data: Uint8Array.of(9) }) });
    expect(ask('01050000FF00')).toBe(toHex(withCrc('010509')));
    remove();
    expect(board.relayOn(0)).toBe(false);
  });
});

function withCrc(body: string): Uint8Array {
  const bytes = fromHex(body);
  const crc = crc16Modbus(bytes);
  return Uint8Array.of(...bytes, crc & 0xff, crc >> 8);
}
