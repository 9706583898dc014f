import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { gen2Protocol, opcode } from './mercury-constants.js';
import type { MercuryRequest } from './mercury-frame.js';

/** Leads every message of 6A and 9A. */
const keyed = 0x01;

export interface ReaderParam {
  readonly key: number;
  /** One, two or four bytes, depending on the key. */
  readonly value: Uint8Array;
}

export function getReaderParamRequest(key: number): MercuryRequest {
  return { op: opcode.getReaderParam, data: Uint8Array.of(keyed, key) };
}

export function decodeGetReaderParamRequest(data: Uint8Array): number | null {
  return data.length === 2 && data[0] === keyed ? (data[1] as number) : null;
}

export function setReaderParamRequest(param: ReaderParam): MercuryRequest {
  return { op: opcode.setReaderParam, data: readerParamData(param) };
}

/** Same bytes in the reply to 6A and in the request 9A. */
export function readerParamData(param: ReaderParam): Uint8Array {
  return new ByteComposer().u8(keyed).u8(param.key).bytes(param.value).done();
}

export function decodeReaderParamData(data: Uint8Array): ReaderParam | null {
  if (data.length < 3 || data[0] !== keyed) return null;
  return { key: data[1] as number, value: data.slice(2) };
}

export interface ProtocolParam {
  readonly protocol: number;
  readonly key: number;
  readonly value: Uint8Array;
}

export function getProtocolParamRequest(key: number, protocol: number = gen2Protocol): MercuryRequest {
  return { op: opcode.getProtocolParam, data: Uint8Array.of(protocol, key) };
}

export function decodeGetProtocolParamRequest(data: Uint8Array): { protocol: number; key: number } | null {
  const cursor = new ByteCursor(data);
  const request = { protocol: cursor.u8(), key: cursor.u8() };
  return cursor.done ? request : null;
}

export function setProtocolParamRequest(param: ProtocolParam): MercuryRequest {
  return { op: opcode.setProtocolParam, data: protocolParamData(param) };
}

/** A Gen2 parameter with its value as one byte, or as two when it is over FF or `width` says so. */
export function setGen2ParamRequest(key: number, value: number, width: 1 | 2 = value > 0xff ? 2 : 1): MercuryRequest {
  const bytes = width === 2 ? Uint8Array.of(value >>> 8, value & 0xff) : Uint8Array.of(value);
  return setProtocolParamRequest({ protocol: gen2Protocol, key, value: bytes });
}

/** Same bytes in the reply to 6B and in the request 9B. */
export function protocolParamData(param: ProtocolParam): Uint8Array {
  return new ByteComposer().u8(param.protocol).u8(param.key).bytes(param.value).done();
}

export function decodeProtocolParamData(data: Uint8Array): ProtocolParam | null {
  if (data.length < 3) return null;
  return { protocol: data[0] as number, key: data[1] as number, value: data.slice(2) };
}
