/*
 * Kerong lock boards (protocols.md sections 5.1 and 5.2):
 *   CU16  02 ADDR      CMD [data] 03 SUM     ADDR = board << 4 | lock
 *   CU48  02 ADDR LOCK CMD [data] 03 SUM
 * SUM is the low byte of the sum of all bytes before it. 19200 baud 8N1.
 */
export type KerongModel = 'cu16' | 'cu48';

export interface KerongFrame {
  readonly board: number;
  /** 0-based. */
  readonly lock: number;
  readonly command: number;
  readonly data: Uint8Array;
}

export const kerongBaud = 19_200;
export const kerongLocks: Readonly<Record<KerongModel, number>> = { cu16: 16, cu48: 48 };

const start = 0x02;
const end = 0x03;

interface Codes {
  readonly status: number;
  readonly unlock: number;
  readonly statusReply: number;
}

export const kerongCodes: Readonly<Record<KerongModel, Codes>> = {
  cu16: { status: 0x30, unlock: 0x31, statusReply: 0x35 },
  cu48: { status: 0x60, unlock: 0x61, statusReply: 0x75 },
};

/** CU16: status of all boards and its replies. CU48: told by the board itself when a lock changes. */
export const kerongAllStatus = 0x32;
export const kerongAllStatusReply = 0x36;
export const kerongChanged = 0x77;

export const headerBytes: Readonly<Record<KerongModel, number>> = { cu16: 3, cu48: 4 };
const trailerBytes = 2;
export const maxFrameBytes = 18;

export function encodeKerong(model: KerongModel, { board, lock, command, data }: KerongFrame): Uint8Array {
  const address = model === 'cu16' ? [((board & 15) << 4) | (lock & 15)] : [board & 255, lock & 255];
  const bytes = [start, ...address, command, ...data, end];
  return Uint8Array.from([...bytes, bytes.reduce((sum, byte) => sum + byte, 0) & 255]);
}

/** Bytes of the frame that begins at `at`; 0 while more are needed to tell, -1 when no frame begins here. */
export function kerongLength(model: KerongModel, bytes: Uint8Array, { at, to }: { at: number; to: number }): number {
  if (bytes[at] !== start) return -1;
  const header = headerBytes[model];
  if (to - at < header) return 0;
  const dataBytes = dataLength(model, bytes[at + header - 1] as number);
  return dataBytes < 0 ? -1 : header + dataBytes + trailerBytes;
}

function dataLength(model: KerongModel, command: number): number {
  const { status, unlock, statusReply } = kerongCodes[model];
  if (command === status || command === unlock || command === kerongAllStatus) return 0;
  const bits = kerongLocks[model] / 4;
  if (command === statusReply) return bits;
  if (model === 'cu16') return command === kerongAllStatusReply ? bits : -1;
  return command === kerongChanged ? bits : -1;
}

/** The frame in `bytes[at .. to)`, which is as long as `kerongLength` says; null when its end or sum is wrong. */
export function decodeKerong(
  model: KerongModel,
  bytes: Uint8Array,
  { at, to }: { at: number; to: number },
): KerongFrame | null {
  let sum = 0;
  for (let i = at; i < to - 1; i++) sum += bytes[i] as number;
  if (bytes[to - 2] !== end || (sum & 255) !== bytes[to - 1]) return null;
  const address = bytes[at + 1] as number;
  const header = headerBytes[model];
  const command = bytes[at + header - 1] as number;
  const data = bytes.slice(at + header, to - trailerBytes);
  return model === 'cu16'
    ? { board: address >>> 4, lock: address & 15, command, data }
    : { board: address, lock: bytes[at + 2] as number, command, data };
}
