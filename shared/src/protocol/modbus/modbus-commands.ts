import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { exceptionBit, modbusFunction, pulseOnAddress, pulseStepMs } from './modbus-constants.js';
import type { ModbusFrame } from './modbus-frame.js';

/** What a host asks of a relay and input board. Addresses and counts are in coils, inputs or registers. */
export type ModbusRequest =
  | { readonly kind: 'read-coils' | 'read-inputs' | 'read-registers'; readonly address: number; readonly count: number }
  | { readonly kind: 'write-coil' | 'write-register'; readonly address: number; readonly value: number }
  | { readonly kind: 'write-coils'; readonly address: number; readonly bits: readonly boolean[] };

const functionOf: Readonly<Record<ModbusRequest['kind'], number>> = {
  'read-coils': modbusFunction.readCoils,
  'read-inputs': modbusFunction.readInputs,
  'read-registers': modbusFunction.readRegisters,
  'write-coil': modbusFunction.writeCoil,
  'write-register': modbusFunction.writeRegister,
  'write-coils': modbusFunction.writeCoils,
};

export function modbusRequest(unit: number, request: ModbusRequest): ModbusFrame {
  const out = new ByteComposer().u16(request.address);
  if (request.kind === 'write-coils') {
    const bits = packBits(request.bits);
    out.u16(request.bits.length).u8(bits.length).bytes(bits);
  } else {
    out.u16('count' in request ? request.count : request.value);
  }
  return { unit, function: functionOf[request.kind], data: out.done() };
}

/** Null on a function or a form that is not one of these. */
export function decodeModbusRequest(frame: ModbusFrame): ModbusRequest | null {
  const cursor = new ByteCursor(frame.data);
  const address = cursor.u16();
  const word = cursor.u16();
  switch (frame.function) {
    case modbusFunction.readCoils:
      return cursor.done ? { kind: 'read-coils', address, count: word } : null;
    case modbusFunction.readInputs:
      return cursor.done ? { kind: 'read-inputs', address, count: word } : null;
    case modbusFunction.readRegisters:
      return cursor.done ? { kind: 'read-registers', address, count: word } : null;
    case modbusFunction.writeCoil:
      return cursor.done ? { kind: 'write-coil', address, value: word } : null;
    case modbusFunction.writeRegister:
      return cursor.done ? { kind: 'write-register', address, value: word } : null;
    case modbusFunction.writeCoils: {
      const packed = cursor.bytes(cursor.u8());
      if (!cursor.done || packed.length !== (word + 7) >>> 3) return null;
      return { kind: 'write-coils', address, bits: unpackBits(packed, word) };
    }
    default:
      return null;
  }
}

/** Switches a relay on for `onMs`, timed by the board in steps of 100 ms (at least one). `channel` is 0-based. */
export function pulseRequest(unit: number, channel: number, onMs: number): ModbusFrame {
  const value = Math.max(1, Math.round(onMs / pulseStepMs));
  return modbusRequest(unit, { kind: 'write-coil', address: pulseOnAddress + channel, value });
}

/** Answer to `read-coils` and `read-inputs`. */
export function bitsReply(request: ModbusFrame, bits: readonly boolean[]): ModbusFrame {
  const packed = packBits(bits);
  const data = new ByteComposer().u8(packed.length).bytes(packed).done();
  return { unit: request.unit, function: request.function, data };
}

/** Answer to `read-registers`. */
export function registersReply(request: ModbusFrame, values: readonly number[]): ModbusFrame {
  const out = new ByteComposer().u8(values.length * 2);
  for (const value of values) out.u16(value);
  return { unit: request.unit, function: request.function, data: out.done() };
}

/** Answer to the writing functions: address and value or count again. */
export function writtenReply(request: ModbusFrame): ModbusFrame {
  return { ...request, data: request.data.slice(0, 4) };
}

export function exceptionReply(request: ModbusFrame, exception: number): ModbusFrame {
  return { unit: request.unit, function: request.function | exceptionBit, data: Uint8Array.of(exception) };
}

export type ModbusReply =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'written'; readonly address: number; readonly value: number }
  | { readonly kind: 'exception'; readonly exception: number };

/** Null on a function or a form that is not known. */
export function decodeModbusReply(frame: ModbusFrame): ModbusReply | null {
  const cursor = new ByteCursor(frame.data);
  if ((frame.function & exceptionBit) !== 0) {
    const exception = cursor.u8();
    return cursor.done ? { kind: 'exception', exception } : null;
  }
  if (frame.function >= modbusFunction.readCoils && frame.function <= modbusFunction.readRegisters) {
    const data = cursor.bytes(cursor.u8()).slice();
    return cursor.done ? { kind: 'data', data } : null;
  }
  const known: readonly number[] = [modbusFunction.writeCoil, modbusFunction.writeRegister, modbusFunction.writeCoils];
  if (!known.includes(frame.function)) return null;
  const reply = { kind: 'written', address: cursor.u16(), value: cursor.u16() } as const;
  return cursor.done ? reply : null;
}

/** First bit in the lowest bit of the first byte. */
export function packBits(bits: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array((bits.length + 7) >>> 3);
  bits.forEach((bit, i) => {
    if (bit) bytes[i >>> 3] = (bytes[i >>> 3] as number) | (1 << (i & 7));
  });
  return bytes;
}

export function unpackBits(bytes: Uint8Array, count: number): readonly boolean[] {
  return Array.from({ length: count }, (_, i) => (((bytes[i >>> 3] ?? 0) >>> (i & 7)) & 1) === 1);
}
