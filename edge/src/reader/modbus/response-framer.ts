import { crc16Modbus } from '@tagtrail/shared/bytes/crc.js';

/**
 * Finds the answer to the one request in flight (Modbus over serial line 1.02, section 2.5.1). An RTU
 * line has no start byte: the answer is where unit, function, length and CRC fit, and every byte
 * in front of it is noise.
 */
export interface ResponseFramer {
  /** A request goes out; what arrived before belongs to none. */
  expect(request: Uint8Array): void;
  /** The request is given up. */
  forget(): void;
  push(chunk: Uint8Array): void;
}

export interface ResponseFramerOptions {
  onResponse(frame: Uint8Array): void;
  onDiscard(bytes: number, reason: 'unasked' | 'noise'): void;
}

const exceptionBytes = 5;
/** The largest RTU frame. */
const maxBytes = 256;

export function createResponseFramer(options: ResponseFramerOptions): ResponseFramer {
  let request: Uint8Array | undefined;
  let buffer = new Uint8Array(0);

  function discard(bytes: number, reason: 'unasked' | 'noise'): void {
    if (bytes > 0) options.onDiscard(bytes, reason);
  }

  function flush(reason: 'unasked' | 'noise'): void {
    const bytes = buffer.length;
    buffer = new Uint8Array(0);
    discard(bytes, reason);
  }

  return {
    expect: (next) => {
      flush('unasked');
      request = next.slice();
    },
    forget: () => {
      request = undefined;
      flush('noise');
    },
    push: (chunk) => {
      if (request === undefined) {
        discard(chunk.length, 'unasked');
        return;
      }
      const joined = new Uint8Array(buffer.length + chunk.length);
      joined.set(buffer);
      joined.set(chunk, buffer.length);
      buffer = joined;
      const found = findResponse(buffer, request);
      if (found !== undefined) {
        const before = buffer.subarray(0, found.from);
        const frame = buffer.slice(found.from, found.to);
        const after = buffer.length - found.to;
        buffer = new Uint8Array(0);
        request = undefined;
        discard(before.length, 'noise');
        discard(after, 'unasked');
        options.onResponse(frame);
      } else if (buffer.length > maxBytes) {
        const surplus = buffer.length - maxBytes;
        buffer = buffer.slice(surplus);
        discard(surplus, 'noise');
      }
    },
  };
}

/** Where in `bytes` the answer to `request` stands; undefined while it is not there, or not whole. */
export function findResponse(bytes: Uint8Array, request: Uint8Array): { from: number; to: number } | undefined {
  const length = responseBytes(request);
  for (let from = 0; from + exceptionBytes <= bytes.length; from++) {
    if (bytes[from] !== request[0]) continue;
    const code = bytes[from + 1];
    if (code === ((request[1] as number) | 0x80) && hasCrc(bytes, from, exceptionBytes)) {
      return { from, to: from + exceptionBytes };
    }
    if (code === request[1] && hasCrc(bytes, from, length) && answers(bytes, from, request)) {
      return { from, to: from + length };
    }
  }
  return undefined;
}

/** Bytes of the normal answer to a request. */
function responseBytes(request: Uint8Array): number {
  const count = ((request[4] as number) << 8) | (request[5] as number);
  switch (request[1]) {
    case 1:
    case 2:
      return exceptionBytes + Math.ceil(count / 8);
    case 3:
    case 4:
      return exceptionBytes + 2 * count;
    default:
      return 8;
  }
}

/** Reads repeat their byte count, writes of one coil or register repeat the whole request. */
function answers(bytes: Uint8Array, from: number, request: Uint8Array): boolean {
  const code = request[1] as number;
  if (code <= 4) return bytes[from + 2] === responseBytes(request) - exceptionBytes;
  return request.subarray(0, 6).every((byte, i) => bytes[from + i] === byte);
}

function hasCrc(bytes: Uint8Array, from: number, length: number): boolean {
  const to = from + length;
  if (to > bytes.length) return false;
  const crc = crc16Modbus(bytes, from, to - 2);
  return bytes[to - 2] === (crc & 0xff) && bytes[to - 1] === crc >>> 8;
}
