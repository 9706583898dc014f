import { maxFrameBytes, modbusFunction } from './modbus-constants.js';
import { type ModbusFrame, modbusCrcHolds } from './modbus-frame.js';

/** Why bytes were dropped: no frame starts here, or the line fell silent before one was complete. */
export type ModbusDiscardReason = 'noise' | 'stale';

export interface ModbusServerParserOptions {
  /** Every request on the line, also for other units and with functions that nobody knows. */
  onRequest(frame: ModbusFrame): void;
  onDiscard(reason: ModbusDiscardReason, bytes: number): void;
}

export interface ModbusServerParser {
  /** Takes the next bytes of the line, cut anywhere. */
  push(chunk: Uint8Array): void;
  /**
   * The line has been silent for 3.5 characters or more, which ends a frame. A request whose
   * length only the silence tells is delivered now; what is incomplete is dropped.
   */
  flush(): void;
  /** Never more than one frame of 256 bytes. */
  readonly pendingBytes: number;
}

const unknownLength = -1;

/** Length of the request at `at`, 0 when more bytes are needed to tell, -1 when only silence can tell. */
function requestLength(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 2) return 0;
  const code = bytes[at + 1] as number;
  if (code === modbusFunction.writeCoils || code === 0x10) return end - at < 7 ? 0 : 9 + (bytes[at + 6] as number);
  return code >= modbusFunction.readCoils && code <= modbusFunction.writeRegister ? 8 : unknownLength;
}

/**
 * Reads requests as a board does. A frame that is not complete does not hide a good one that
 * stands behind it. Every byte ends in one request or one `onDiscard`.
 */
export function createModbusServerParser(options: ModbusServerParserOptions): ModbusServerParser {
  const buffer = new Uint8Array(2 * maxFrameBytes);
  let length = 0;

  function drop(reason: ModbusDiscardReason, bytes: number): void {
    if (bytes === 0) return;
    buffer.copyWithin(0, bytes, length);
    length -= bytes;
    options.onDiscard(reason, bytes);
  }

  function deliver(total: number): void {
    const frame = { unit: buffer[0] as number, function: buffer[1] as number, data: buffer.slice(2, total - 2) };
    buffer.copyWithin(0, total, length);
    length -= total;
    options.onRequest(frame);
  }

  /** Where the first complete request with the right check stands. */
  function find(): { at: number; total: number } | null {
    for (let at = 0; at + 8 <= length; at++) {
      const total = requestLength(buffer, at, length);
      if (total > 0 && total <= maxFrameBytes && at + total <= length && modbusCrcHolds(buffer, at, at + total)) {
        return { at, total };
      }
    }
    return null;
  }

  function scan(): void {
    for (let found = find(); found !== null; found = find()) {
      drop('noise', found.at);
      deliver(found.total);
    }
    if (length > maxFrameBytes) drop('noise', length - maxFrameBytes);
  }

  return {
    push(chunk) {
      for (let taken = 0; taken < chunk.length; ) {
        const bytes = Math.min(buffer.length - length, chunk.length - taken);
        buffer.set(chunk.subarray(taken, taken + bytes), length);
        length += bytes;
        taken += bytes;
        scan();
      }
    },
    flush() {
      if (modbusCrcHolds(buffer, 0, length)) deliver(length);
      else drop('stale', length);
    },
    get pendingBytes() {
      return length;
    },
  };
}
