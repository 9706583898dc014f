import { checkConnect, checkPublish, checkSubscribe, type Refusal } from './packet-content.js';

/** What a peer may send before and after it has connected (MQTT 3.1.1). */
export const packetLimits = {
  /** A CONNECT with its credentials and will. */
  connectBytes: 4096,
  /** Remaining length of any later packet. */
  packetBytes: 256 * 1024,
} as const;

/**
 * What a chunk means: whole packets that may go on to the broker, then possibly the reason to cut
 * the connection, with the return code to answer a CONNECT with where the standard wants one.
 */
export interface Checked {
  readonly packets: readonly Uint8Array[];
  readonly refusal?: Refusal;
}

export interface PacketCheck {
  /** After a refusal every further chunk is swallowed. */
  push(chunk: Uint8Array): Checked;
  readonly isConnected: boolean;
}

/** Packet types that a client may send, with the only flags they may carry (section 2.2.2, table 2.2). */
const flagsOf: ReadonlyMap<number, number> = new Map([
  [1, 0],
  [4, 0],
  [5, 0],
  [6, 2],
  [7, 0],
  [8, 2],
  [10, 2],
  [12, 0],
  [14, 0],
]);

/**
 * Cuts a byte stream into whole MQTT packets and looks at each before the broker does. Holds at most
 * one packet: an announced length over the limit is refused at its fifth byte, unread.
 */
export function createPacketCheck(): PacketCheck {
  let held: Buffer = Buffer.alloc(0);
  let isConnected = false;
  let isRefused = false;

  function refuse(packets: readonly Uint8Array[], refusal: Refusal): Checked {
    isRefused = true;
    held = Buffer.alloc(0);
    return { packets, refusal };
  }

  return {
    push: (chunk) => {
      if (isRefused) return { packets: [] };
      held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
      const packets: Uint8Array[] = [];
      for (;;) {
        const header = readHeader(held, isConnected);
        if (header === undefined) return { packets };
        if ('reason' in header) return refuse(packets, header);
        const end = header.bodyAt + header.bodyBytes;
        if (held.length < end) return { packets };
        const refusal = checkBody(header, held.subarray(header.bodyAt, end));
        if (refusal !== undefined) return refuse(packets, refusal);
        packets.push(held.subarray(0, end));
        held = held.subarray(end);
        isConnected = true;
      }
    },
    get isConnected() {
      return isConnected;
    },
  };
}

interface Header {
  readonly type: number;
  readonly flags: number;
  readonly bodyAt: number;
  readonly bodyBytes: number;
}

/** The fixed header, undefined while it is not whole (section 2.2.3: at most four length bytes). */
function readHeader(bytes: Uint8Array, isConnected: boolean): Header | Refusal | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  const type = first >> 4;
  const flags = first & 0x0f;
  if (isConnected === (type === 1)) return { reason: isConnected ? 'second_connect' : 'not_connect' };
  if (type === 3 ? ((flags >> 1) & 3) === 3 || (flags & 0x0e) === 0x08 : flagsOf.get(type) !== flags) {
    return { reason: 'bad_flags' };
  }
  let bodyBytes = 0;
  for (let place = 0; place < 4; place++) {
    const byte = bytes[1 + place];
    if (byte === undefined) return undefined;
    bodyBytes += (byte & 0x7f) * 128 ** place;
    if ((byte & 0x80) !== 0) continue;
    if (place > 0 && byte === 0) return { reason: 'bad_length' };
    const limit = isConnected ? packetLimits.packetBytes : packetLimits.connectBytes;
    return bodyBytes > limit ? { reason: 'too_large' } : { type, flags, bodyAt: 2 + place, bodyBytes };
  }
  return { reason: 'bad_length' };
}

function checkBody({ type, flags }: Header, body: Uint8Array): Refusal | undefined {
  switch (type) {
    case 1:
      return checkConnect(body);
    case 3:
      return checkPublish(body, (flags >> 1) & 3);
    case 8:
    case 10:
      return checkSubscribe(body, type === 8);
    case 12:
    case 14:
      return body.length === 0 ? undefined : { reason: 'bad_length' };
    default:
      return body.length === 2 && body.some((byte) => byte !== 0) ? undefined : { reason: 'bad_packet_id' };
  }
}
