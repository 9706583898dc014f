import { AppError } from '../../error.js';
import { maxFrameBytes } from './chafon-constants.js';

/** What the host asks. */
export interface ChafonRequest {
  readonly command: number;
  readonly data: Uint8Array;
}

export interface AddressedRequest extends ChafonRequest {
  readonly address: number;
}

/** What the reader answers. */
export interface ChafonReply {
  readonly address: number;
  readonly command: number;
  /** See `status` in chafon-constants.ts. */
  readonly status: number;
  readonly data: Uint8Array;
}

/** Init FFFF, reflected polynomial 8408, no final xor; its low byte goes first. */
export function chafonCrc(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 0xff] as number);
  return crc;
}

const table = Uint16Array.from({ length: 256 }, (_, low) => {
  let register = low;
  for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ 0x8408 : register >>> 1;
  return register;
});

/**
 * `LEN ADR CMD DATA CRC_LO CRC_HI`; LEN counts the bytes behind it.
 * @throws AppError `chafon.frame_too_long` on more than 251 data bytes.
 */
export function encodeRequest({ address, command, data }: AddressedRequest): Uint8Array {
  return seal([address, command], data);
}

/**
 * `LEN ADR CMD STATUS DATA CRC_LO CRC_HI`
 * @throws AppError `chafon.frame_too_long` on more than 250 data bytes.
 */
export function encodeReply({ address, command, status, data }: ChafonReply): Uint8Array {
  return seal([address, command, status], data);
}

function seal(head: readonly number[], data: Uint8Array): Uint8Array {
  const total = 1 + head.length + data.length + 2;
  if (total > maxFrameBytes) {
    throw new AppError('chafon.frame_too_long', `a reader message has at most ${maxFrameBytes} bytes`, {
      kind: 'bug',
      detail: { bytes: total },
    });
  }
  const frame = new Uint8Array(total);
  frame[0] = total - 1;
  frame.set(head, 1);
  frame.set(data, 1 + head.length);
  const crc = chafonCrc(frame, 0, total - 2);
  frame[total - 2] = crc & 0xff;
  frame[total - 1] = crc >>> 8;
  return frame;
}
