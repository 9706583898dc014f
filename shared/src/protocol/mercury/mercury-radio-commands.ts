import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { opcode } from './mercury-constants.js';
import type { MercuryRequest } from './mercury-frame.js';

const nothing = new Uint8Array(0);

/** Reading and writing have their own power, with the same commands one apart. */
export type PowerKind = 'read' | 'write';

/** `value` asks the power that is set, `limits` also what the module can do. */
export type PowerQuestion = 'value' | 'limits';

export interface PowerReport {
  /** Hundredths of a dBm, as all powers here. */
  readonly centiDbm: number;
  /** Null when only the value was asked for. */
  readonly limits: { readonly maxCentiDbm: number; readonly minCentiDbm: number } | null;
}

export function getPowerRequest(kind: PowerKind, question: PowerQuestion): MercuryRequest {
  const op = kind === 'read' ? opcode.getReadPower : opcode.getWritePower;
  return { op, data: Uint8Array.of(question === 'value' ? 0 : 1) };
}

/** An empty request asks the value without an option byte in the reply: `bare`. */
export function decodeGetPowerRequest(data: Uint8Array): PowerQuestion | 'bare' | null {
  if (data.length === 0) return 'bare';
  if (data.length !== 1) return null;
  return data[0] === 0 ? 'value' : data[0] === 1 ? 'limits' : null;
}

export function powerReply(report: PowerReport): Uint8Array {
  const out = new ByteComposer().u8(report.limits === null ? 0 : 1).u16(report.centiDbm);
  if (report.limits !== null) out.u16(report.limits.maxCentiDbm).u16(report.limits.minCentiDbm);
  return out.done();
}

export function decodePowerReply(data: Uint8Array): PowerReport | null {
  const cursor = new ByteCursor(data);
  const option = cursor.u8();
  const centiDbm = cursor.s16();
  if (option === 0) return cursor.done ? { centiDbm, limits: null } : null;
  if (option !== 1) return null;
  const limits = { maxCentiDbm: cursor.s16(), minCentiDbm: cursor.s16() };
  return cursor.done ? { centiDbm, limits } : null;
}

export function setPowerRequest(kind: PowerKind, centiDbm: number): MercuryRequest {
  const op = kind === 'read' ? opcode.setReadPower : opcode.setWritePower;
  return { op, data: new ByteComposer().u16(centiDbm).done() };
}

export function decodeSetPowerRequest(data: Uint8Array): number | null {
  const cursor = new ByteCursor(data);
  const centiDbm = cursor.s16();
  return cursor.done ? centiDbm : null;
}

export function getProtocolRequest(): MercuryRequest {
  return { op: opcode.getProtocol, data: nothing };
}

export function setProtocolRequest(protocol: number): MercuryRequest {
  return { op: opcode.setProtocol, data: protocolData(protocol) };
}

/** Same bytes in the reply to 63 and in the request 93. 5 = Gen2, 0 = none set. */
export function protocolData(protocol: number): Uint8Array {
  return new ByteComposer().u16(protocol).done();
}

export function decodeProtocolData(data: Uint8Array): number | null {
  const cursor = new ByteCursor(data);
  const protocol = cursor.u16();
  return cursor.done ? protocol : null;
}

export function getProtocolsRequest(): MercuryRequest {
  return { op: opcode.protocols, data: nothing };
}

export function protocolsReply(protocols: readonly number[]): Uint8Array {
  const out = new ByteComposer();
  for (const protocol of protocols) out.u16(protocol);
  return out.done();
}

export function decodeProtocolsReply(data: Uint8Array): readonly number[] | null {
  const cursor = new ByteCursor(data);
  const protocols: number[] = [];
  while (cursor.left > 0) protocols.push(cursor.u16());
  return cursor.done ? protocols : null;
}

export function getRegionsRequest(): MercuryRequest {
  return { op: opcode.regions, data: nothing };
}

/** The reply is one byte for each region. */
export function decodeRegionsReply(data: Uint8Array): readonly number[] {
  return [...data];
}

export function getRegionRequest(): MercuryRequest {
  return { op: opcode.getRegion, data: nothing };
}

export function setRegionRequest(region: number): MercuryRequest {
  return { op: opcode.setRegion, data: Uint8Array.of(region) };
}

/** Same bytes in the reply to 67 and in the request 97. */
export function decodeRegionData(data: Uint8Array): number | null {
  return data.length === 1 ? (data[0] as number) : null;
}

export function getHopTableRequest(): MercuryRequest {
  return { op: opcode.getHopTable, data: nothing };
}

export function setHopTableRequest(kHz: readonly number[]): MercuryRequest {
  return { op: opcode.setHopTable, data: hopTableData(kHz) };
}

/** Same bytes in the reply to 65 and in the request 95. */
export function hopTableData(kHz: readonly number[]): Uint8Array {
  const out = new ByteComposer();
  for (const frequency of kHz) out.u32(frequency);
  return out.done();
}

export function decodeHopTableData(data: Uint8Array): readonly number[] | null {
  const cursor = new ByteCursor(data);
  const kHz: number[] = [];
  while (cursor.left > 0) kHz.push(cursor.u32());
  return cursor.done ? kHz : null;
}

/** Option 02 of 95: hop time, or dwell per antenna in milliseconds on Silion modules. */
export function setHopTimeRequest(timeMs: number): MercuryRequest {
  return { op: opcode.setHopTable, data: new ByteComposer().u8(2).u32(timeMs).done() };
}

export function decodeSetHopTimeRequest(data: Uint8Array): number | null {
  const cursor = new ByteCursor(data);
  const option = cursor.u8();
  const timeMs = cursor.u32();
  return cursor.done && option === 2 ? timeMs : null;
}
