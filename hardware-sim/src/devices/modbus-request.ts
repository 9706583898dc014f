import { crc16Modbus } from '@tagtrail/shared/bytes/crc.js';

/** What the start of the received bytes is: a whole request, the beginning of one, or nothing that starts here. */
export type RequestScan =
  | { readonly kind: 'request'; readonly unit: number; readonly pdu: Uint8Array; readonly length: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'discard'; readonly reason: 'bad checksum' | 'no such function length' };

const longestRequest = 256;

/**
 * Looks for a Modbus RTU request at the start of `bytes` (Modbus over serial line 1.02, section
 * 2.5.1): the unit, the function with its data, and a CRC with its low byte first.
 */
export function scanRequest(bytes: Uint8Array): RequestScan {
  if (bytes.length < 2) return { kind: 'incomplete' };
  const length = requestLength(bytes);
  if (length === undefined) return { kind: 'incomplete' };
  if (length > longestRequest) return { kind: 'discard', reason: 'no such function length' };
  if (bytes.length < length) return { kind: 'incomplete' };
  const crc = crc16Modbus(bytes, 0, length - 2);
  if (bytes[length - 2] !== (crc & 0xff) || bytes[length - 1] !== crc >> 8) {
    return { kind: 'discard', reason: 'bad checksum' };
  }
  return { kind: 'request', unit: bytes[0] as number, pdu: bytes.slice(1, length - 2), length };
}

/** Whole length of the request by its function; undefined while the byte that tells is not there yet. */
function requestLength(bytes: Uint8Array): number | undefined {
  const code = bytes[1] as number;
  if (code === 0x0f || code === 0x10) return bytes.length < 7 ? undefined : 9 + (bytes[6] as number);
  if (code === 0x07 || code === 0x0b || code === 0x0c || code === 0x11) return 4;
  if (code === 0x16) return 10;
  return 8;
}

/** A whole RTU frame around a function and its data. */
export function frameOf(unit: number, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(pdu.length + 3);
  frame[0] = unit;
  frame.set(pdu, 1);
  const crc = crc16Modbus(frame, 0, pdu.length + 1);
  frame[pdu.length + 1] = crc & 0xff;
  frame[pdu.length + 2] = crc >> 8;
  return frame;
}
