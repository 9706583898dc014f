import { control, headerBytes, macBytes, replyBit, securityType, startOfMessage } from './osdp-constants.js';

/*
 * [FF] 53 ADDR LEN_LO LEN_HI CTRL [SCB: len type data] ID DATA [MAC 4] (CRC_LO CRC_HI | checksum)
 * LEN counts from 53 through the check. The leading FF marks the line and belongs to no frame.
 */
export interface SecurityBlock {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface OsdpFrame {
  readonly address: number;
  readonly reply: boolean;
  readonly sequence: number;
  /** CRC-16 in place of the one-byte checksum. */
  readonly crc: boolean;
  readonly security: SecurityBlock | null;
  readonly id: number;
  /** Still encrypted when the security block says so. */
  readonly data: Uint8Array;
  /** The four bytes that travel of the MAC; null where the frame has none. */
  readonly mac: Uint8Array | null;
  /** The bytes that the MAC covers. */
  readonly covered: Uint8Array;
}

export type OsdpFrameParts = Omit<OsdpFrame, 'mac' | 'covered'>;

const lineMark = 0xff;

/** CRC-16 with polynomial 1021, init 1D0F, no final xor. */
export function osdpCrc(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0x1d0f;
  for (let i = from; i < to; i++) {
    crc ^= (bytes[i] as number) << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

export function hasMac(security: SecurityBlock | null): boolean {
  return security !== null && security.type >= securityType.commandMac && security.type <= securityType.replyEncrypted;
}

/**
 * The bytes of a frame with its line mark. `macOf` makes the MAC over the bytes before it, for the
 * security types that carry one.
 */
export function encodeOsdp(parts: OsdpFrameParts, macOf?: (covered: Uint8Array) => Uint8Array): Uint8Array {
  const { security, data } = parts;
  const block = security === null ? [] : [2 + security.data.length, security.type, ...security.data];
  const withMac = hasMac(security) && macOf !== undefined;
  const coveredBytes = headerBytes + block.length + 1 + data.length;
  const length = coveredBytes + (withMac ? macBytes : 0) + (parts.crc ? 2 : 1);
  const covered = Uint8Array.from([
    startOfMessage,
    parts.address | (parts.reply ? replyBit : 0),
    length & 0xff,
    length >>> 8,
    (parts.sequence & control.sequence) | (parts.crc ? control.crc : 0) | (security === null ? 0 : control.security),
    ...block,
    parts.id,
    ...data,
  ]);
  const frame = new Uint8Array(length);
  frame.set(covered);
  if (withMac) frame.set(macOf(covered).subarray(0, macBytes), coveredBytes);
  setCheck(frame, parts.crc);
  return Uint8Array.from([lineMark, ...frame]);
}

function setCheck(frame: Uint8Array, crc: boolean): void {
  const to = frame.length;
  if (crc) {
    const value = osdpCrc(frame, 0, to - 2);
    frame[to - 2] = value & 0xff;
    frame[to - 1] = value >>> 8;
  } else frame[to - 1] = checksum(frame, 0, to - 1);
}

function checksum(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += bytes[i] as number;
  return -sum & 0xff;
}

/** Why bytes that look like a frame are none. */
export type OsdpFlaw = 'checksum' | 'malformed';

/** The frame in `bytes`, which begin with the start byte and are as long as the header says. */
export function decodeOsdp(bytes: Uint8Array): OsdpFrame | OsdpFlaw {
  const flags = bytes[4] as number;
  const crc = (flags & control.crc) !== 0;
  let to = bytes.length - (crc ? 2 : 1);
  if (to < headerBytes + 1) return 'malformed';
  const right = crc
    ? osdpCrc(bytes, 0, to) === ((bytes[to] as number) | ((bytes[to + 1] as number) << 8))
    : checksum(bytes, 0, to) === bytes[to];
  if (!right) return 'checksum';
  let at = headerBytes;
  let security: SecurityBlock | null = null;
  if ((flags & control.security) !== 0) {
    const blockBytes = bytes[at] as number;
    const type = bytes[at + 1] as number;
    if (blockBytes < 2 || at + blockBytes >= to) return 'malformed';
    if (type < securityType.challenge || type > securityType.replyEncrypted) return 'malformed';
    security = { type, data: bytes.slice(at + 2, at + blockBytes) };
    at += blockBytes;
  }
  let mac: Uint8Array | null = null;
  if (hasMac(security)) {
    if (to - macBytes < at + 1) return 'malformed';
    mac = bytes.slice(to - macBytes, to);
    to -= macBytes;
  }
  const addressByte = bytes[1] as number;
  return {
    address: addressByte & ~replyBit,
    reply: (addressByte & replyBit) !== 0,
    sequence: flags & control.sequence,
    crc,
    security,
    id: bytes[at] as number,
    data: bytes.slice(at + 1, to),
    mac,
    covered: bytes.slice(0, to),
  };
}
