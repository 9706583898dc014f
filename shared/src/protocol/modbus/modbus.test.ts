import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { type ModbusVector, modbusVectors } from './modbus.vectors.js';
import {
  bitsReply,
  decodeModbusReply,
  decodeModbusRequest,
  exceptionReply,
  type ModbusRequest,
  modbusRequest,
  packBits,
  pulseRequest,
  registersReply,
  writtenReply,
} from './modbus-commands.js';
import { decodeModbusFrame, encodeModbusFrame, type ModbusFrame } from './modbus-frame.js';
import { createModbusServerParser, type ModbusServerParser } from './modbus-parser.js';

function bench(): { parser: ModbusServerParser; frames: ModbusFrame[]; accounted(): number } {
  const frames: ModbusFrame[] = [];
  let dropped = 0;
  const parser = createModbusServerParser({
    onRequest: (frame) => frames.push(frame),
    onDiscard: (_reason, bytes) => {
      dropped += bytes;
    },
  });
  const framed = (): number => frames.reduce((sum, frame) => sum + frame.data.length + 4, 0);
  return { parser, frames, accounted: () => framed() + dropped + parser.pendingBytes };
}

function describeFrame(frame: ModbusFrame, direction: 'request' | 'reply'): Record<string, unknown> {
  const code = toHex(Uint8Array.of(frame.function));
  const head = { unit: frame.unit, function: code };
  const word = (value: number): string => value.toString(16).padStart(4, '0').toUpperCase();
  if (direction === 'reply') {
    const reply = decodeModbusReply(frame);
    if (reply?.kind === 'exception') return { ...head, exception: reply.exception };
    if (reply?.kind === 'data') return { ...head, byteCount: reply.data.length, data: toHex(reply.data).toLowerCase() };
    return { ...head, address: reply?.address, count: reply?.value };
  }
  const request = decodeModbusRequest(frame);
  if (request === null) return head;
  if (request.kind === 'write-coils') {
    const bits = toHex(packBits(request.bits)).toLowerCase();
    return { ...head, address: request.address, count: request.bits.length, bits };
  }
  if ('count' in request) return { ...head, address: request.address, count: request.count };
  if (request.kind === 'write-register') return { ...head, register: word(request.address), value: request.value };
  return { ...head, address: word(request.address), value: word(request.value) };
}

function checkVector({ direction, hex, standing, decoded }: Omit<ModbusVector, 'id' | 'origin'>): void {
  const bytes = fromHex(hex);
  const frame = decodeModbusFrame(bytes);
  if (standing === 'bad' || frame === null) {
    expect(frame).toBeNull();
    expect(standing).toBe('bad');
    const { parser, frames, accounted } = bench();
    parser.push(bytes);
    parser.flush();
    expect(frames).toEqual([]);
    expect(accounted()).toBe(bytes.length);
    return;
  }
  expect(toHex(encodeModbusFrame(frame)).toLowerCase()).toBe(hex);
  expect(describeFrame(frame, direction)).toEqual(decoded);
  if (direction === 'reply') return;
  const { parser, frames } = bench();
  for (const byte of bytes) parser.push(Uint8Array.of(byte));
  expect(frames).toEqual([frame]);
}

const word = fc.integer({ min: 0, max: 0xffff });
const anyRequest: fc.Arbitrary<ModbusRequest> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('read-coils' as const, 'read-inputs' as const, 'read-registers' as const),
    address: word,
    count: word,
  }),
  fc.record({ kind: fc.constantFrom('write-coil' as const, 'write-register' as const), address: word, value: word }),
  fc.record({
    kind: fc.constant('write-coils' as const),
    address: word,
    bits: fc.array(fc.boolean(), { maxLength: 200 }),
  }),
);
const unit = fc.integer({ min: 0, max: 247 });

describe('the Modbus codec', () => {
  it.each(modbusVectors)('$direction $id means what its origin says', checkVector);

  it('gives back what was encoded, wherever the line cuts it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(unit, anyRequest), { maxLength: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (asked, size) => {
          const { parser, frames } = bench();
          const line = asked.flatMap(([to, request]) => [...encodeModbusFrame(modbusRequest(to, request))]);
          for (let at = 0; at < line.length; at += size) parser.push(Uint8Array.from(line.slice(at, at + size)));
          expect(frames.map((frame) => [frame.unit, decodeModbusRequest(frame)])).toEqual(asked);
        },
      ),
    );
  });

  it('accounts for every byte of any line and keeps at most one frame', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 4 }), (chunks) => {
        const { parser, accounted } = bench();
        let received = 0;
        for (const chunk of chunks) {
          parser.push(chunk);
          received += chunk.length;
          expect(accounted()).toBe(received);
          expect(parser.pendingBytes).toBeLessThanOrEqual(256);
        }
        parser.flush();
        expect(parser.pendingBytes).toBe(0);
        expect(accounted()).toBe(received);
      }),
    );
  });

  it('loses no request to noise in front of it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), unit, anyRequest, (noise, to, request) => {
        const { parser, frames } = bench();
        const frame = modbusRequest(to, request);
        parser.push(Uint8Array.from([...noise, ...encodeModbusFrame(frame)]));
        expect(frames).toContainEqual(frame);
      }),
    );
  });

  it('delivers a function that nobody knows when the line falls silent', () => {
    const { parser, frames } = bench();
    const frame = { unit: 1, function: 0x41, data: Uint8Array.of(1, 2, 3) };
    parser.push(encodeModbusFrame(frame));
    expect(frames).toEqual([]);
    parser.flush();
    expect(frames).toEqual([frame]);
    expect(decodeModbusRequest(frame)).toBeNull();
  });

  it('pulses a lock with a time that the board keeps', () => {
    const vector = modbusVectors.find(({ id }) => id === 'calc-req-flash-relay1-500ms');
    expect(toHex(encodeModbusFrame(pulseRequest(1, 0, 500))).toLowerCase()).toBe(vector?.hex);
  });

  it('answers as the published boards do', () => {
    const asked = modbusRequest(1, { kind: 'read-inputs', address: 0, count: 8 });
    const bits = [false, false, false, false, false, true, false, false];
    expect(toHex(encodeModbusFrame(bitsReply(asked, bits)))).toBe('01020120A050');
    const write = modbusRequest(1, { kind: 'write-coils', address: 0, bits: Array(8).fill(true) });
    expect(toHex(encodeModbusFrame(writtenReply(write)))).toBe('010F00000008540D');
    const registers = modbusRequest(17, { kind: 'read-registers', address: 107, count: 3 });
    expect(toHex(encodeModbusFrame(registersReply(registers, [0xae41, 0x5652, 0x4340])))).toBe(
      '110306AE415652434049AD',
    );
    expect(toHex(encodeModbusFrame(exceptionReply(registers, 4)))).toBe('1183044136');
  });
});

const research = new URL('../../../../../shared/data/vectors/modbus-relay.json', import.meta.url);

describe.skipIf(!existsSync(research))(
  'the Modbus codec against the research vectors (skipped where they are absent)',
  () => {
    it('agrees with all of them', () => {
      const { vectors } = JSON.parse(readFileSync(research, 'utf8')) as {
        vectors: { direction: string; hex: string; crcValid: boolean; decoded: Record<string, unknown> }[];
      };
      for (const { direction, hex, crcValid, decoded } of vectors) {
        const { meaning: _meaning, name: _name, ...rest } = decoded;
        checkVector({
          direction: direction === 'host>board' ? 'request' : 'reply',
          hex,
          standing: crcValid ? 'good' : 'bad',
          decoded: rest,
        });
      }
    });
  },
);
