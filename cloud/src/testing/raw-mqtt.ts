import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** MQTT 3.1.1 packets byte by byte, for what no client library would send. */

/** A text as the protocol writes it (section 1.5.3). */
export function text(value: string): number[] {
  const bytes = Buffer.from(value);
  return [bytes.length >> 8, bytes.length & 0xff, ...bytes];
}

/** A packet of fewer than 16 KiB with its length as it should be (section 2.2.3). */
export function packet(first: number, body: readonly number[]): number[] {
  if (body.length < 128) return [first, body.length, ...body];
  return [first, 0x80 | (body.length & 0x7f), body.length >> 7, ...body];
}

/** CONNECT (section 3.1) with a clean session. */
export function connectPacket(
  who: { readonly clientId: string; readonly user: string; readonly secret: string },
  how: { readonly level?: number; readonly keepaliveSeconds?: number } = {},
): Uint8Array {
  const { level = 4, keepaliveSeconds = 10 } = how;
  const keepalive = [keepaliveSeconds >> 8, keepaliveSeconds & 0xff];
  const fields = [...text(who.clientId), ...text(who.user), ...text(who.secret)];
  return Uint8Array.from(packet(0x10, [...text('MQTT'), level, 0xc2, ...keepalive, ...fields]));
}

/** A connection to a broker on this machine. */
export async function socketTo(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

const connectHead = [...text('MQTT'), 4];
const keepalive = [0, 60];

/**
 * Streams of the kinds that took other brokers down: what the replay set of NanoMQ and its issues 2268 and
 * 2270, and issue 612 of aedes are made of. Each begins with what it is named after.
 */
export const hostile: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  [
    'a CONNECT that ends inside its will',
    [...packet(0x10, [...connectHead, 0x26, ...keepalive, ...text('id'), 0, 9, 0x74])],
  ],
  ['a CONNECT that ends inside its client id', packet(0x10, [...connectHead, 6, ...keepalive, 0])],
  [
    'a will that is longer than its packet',
    packet(0x10, [...connectHead, 0xa6, ...keepalive, ...text('id'), ...text('will'), 0x93, 0xcc, 0x3f]),
  ],
  [
    'a password without a user',
    packet(0x10, [...connectHead, 0x66, ...keepalive, ...text('id'), ...text('will'), ...text('x')]),
  ],
  [
    'a will with QoS 3 and half a packet behind it',
    [...packet(0x10, [...connectHead, 0x3e, ...keepalive, ...text('id'), ...text('will'), ...text('x')]), 0x32],
  ],
  [
    'properties of MQTT 5 that reach past the end',
    [
      ...packet(0x10, [...text('MQTT'), 5, 2, ...keepalive, 3, 0x21, 0, 0x14, 0, 0]),
      0x62,
      2,
      0xd3,
      1,
      0xe0,
      2,
      0,
      0x20,
    ],
  ],
  [
    'properties of MQTT 5 without end',
    packet(0x10, [...text('MQTT'), 5, 0x3e, ...keepalive, ...(Array(60).fill(0x26) as number[])]),
  ],
  ['a topic that is longer than its packet', [0x31, 0x17, 0, 0x21, ...(Array(21).fill(0x2f) as number[])]],
  ['a SUBSCRIBE that ends before its quality of service', packet(0x82, [0, 1, ...text('t'.repeat(100))])],
  ['a PUBLISH that ends before its packet id', packet(0x32, text('t'.repeat(100)))],
  [
    'acknowledgements of what was never sent',
    [...packet(0x40, [0, 9]), ...packet(0x50, [0, 9]), ...packet(0x70, [0, 9])],
  ],
  ['a length of five bytes', [0x30, 0xff, 0xff, 0xff, 0xff, 0x7f]],
];
