import { AppError } from '../../error.js';
import { frameHeader, maxDataBytes, replyOverheadBytes, requestOverheadBytes } from './mercury-constants.js';
import { mercuryCrc } from './mercury-crc.js';

/** What the host asks. */
export interface MercuryRequest {
  readonly op: number;
  readonly data: Uint8Array;
}

/** What the module answers or sends unasked. */
export interface MercuryReply {
  readonly op: number;
  /** 0000 = ok, see mercury-status.ts. */
  readonly status: number;
  readonly data: Uint8Array;
}

/**
 * `FF LEN OP DATA[LEN] CRC_HI CRC_LO`
 * @throws AppError `mercury.frame_too_long` on more than 249 data bytes.
 */
export function encodeRequest(op: number, data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(data.length + requestOverheadBytes);
  frame.set(data, 3);
  return seal(frame, op, data.length);
}

/**
 * `FF LEN OP ST_HI ST_LO DATA[LEN] CRC_HI CRC_LO`
 * @throws AppError `mercury.frame_too_long` on more than 249 data bytes.
 */
export function encodeReply(op: number, status: number, data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(data.length + replyOverheadBytes);
  frame[3] = status >>> 8;
  frame[4] = status & 0xff;
  frame.set(data, 5);
  return seal(frame, op, data.length);
}

function seal(frame: Uint8Array, op: number, dataBytes: number): Uint8Array {
  if (dataBytes > maxDataBytes) {
    throw new AppError('mercury.frame_too_long', `a reader message carries at most ${maxDataBytes} bytes`, {
      kind: 'bug',
      detail: { op, dataBytes },
    });
  }
  frame[0] = frameHeader;
  frame[1] = dataBytes;
  frame[2] = op;
  const crcAt = frame.length - 2;
  const crc = mercuryCrc(frame, 1, crcAt);
  frame[crcAt] = crc >>> 8;
  frame[crcAt + 1] = crc & 0xff;
  return frame;
}

/** A tenth of a second of FF, which wakes a module from deep sleep and is no frame (protocols.md section 1.2). */
export function wakeUpBurst(baudRate: number): Uint8Array {
  return new Uint8Array(Math.ceil(baudRate / 50)).fill(frameHeader);
}
