import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packet, text } from '../testing/raw-mqtt.js';
import { createPacketCheck } from './packet-check.js';

const connect = packet(0x10, [...text('MQTT'), 4, 2, 0, 10, ...text('c')]);
const publish = packet(0x32, [...text('a/b'), 0, 7, 1, 2, 3]);
const subscribe = packet(0x82, [0, 1, ...text('a/+'), 1]);

/** What becomes of a stream: how many packets went on, and why it was cut. */
function outcome(...parts: readonly (readonly number[])[]): {
  packets: number;
  reason: string | undefined;
  code?: number;
} {
  const { packets, refusal } = createPacketCheck().push(Uint8Array.from(parts.flat()));
  const code = refusal?.returnCode;
  return { packets: packets.length, reason: refusal?.reason, ...(code === undefined ? {} : { code }) };
}

describe('the packet check', () => {
  it('lets a good conversation pass however it is cut', () => {
    const bytes = Uint8Array.from([...connect, ...subscribe, ...publish, 0xc0, 0, 0x40, 2, 0, 9, 0xe0, 0]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
        const check = createPacketCheck();
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const got: number[] = [];
        for (let part = 1; part < places.length; part++) {
          const checked = check.push(bytes.subarray(places[part - 1], places[part]));
          expect(checked.refusal).toBeUndefined();
          for (const one of checked.packets) got.push(...one);
        }
        expect(got).toEqual([...bytes]);
      }),
    );
  });

  it('never throws and never passes on a packet after a refusal, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), fc.boolean(), (chunks, isConnected) => {
        const check = createPacketCheck();
        if (isConnected) check.push(Uint8Array.from(connect));
        let isRefused = false;
        for (const chunk of chunks) {
          const { packets, refusal } = check.push(chunk);
          if (isRefused) expect(packets).toEqual([]);
          isRefused ||= refusal !== undefined;
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['anything before CONNECT', [publish], 0, 'not_connect'],
    ['a second CONNECT', [connect, connect], 1, 'second_connect'],
    ['256 MiB announced', [[0x10, 0xff, 0xff, 0xff, 0x7f]], 0, 'too_large'],
    ['five length bytes', [[0x10, 0xff, 0xff, 0xff, 0xff, 0x7f]], 0, 'bad_length'],
    ['a length longer than it need be', [connect, [0xc0, 0x80, 0x00]], 1, 'bad_length'],
    ['a CONNECT over 4 KiB', [packet(0x10, Array(4097).fill(0) as number[])], 0, 'too_large'],
    ['more than 256 KiB in a later packet', [connect, [0x30, 0x81, 0x80, 0x10]], 1, 'too_large'],
    ['reserved bits', [connect, [0xc1, 0]], 1, 'bad_flags'],
    ['QoS 3', [connect, packet(0x36, [...text('a'), 0, 1])], 1, 'bad_flags'],
    ['packet id 0', [connect, packet(0x32, [...text('a'), 0, 0])], 1, 'bad_packet_id'],
    ['an acknowledgement of packet 0', [connect, [0x40, 2, 0, 0]], 1, 'bad_packet_id'],
    ['a wildcard in a topic', [connect, packet(0x30, text('a/#'))], 1, 'bad_topic'],
    ['an empty topic', [connect, packet(0x30, text(''))], 1, 'bad_topic'],
    ['NUL in a topic', [connect, packet(0x30, text('a\u0000'))], 1, 'bad_topic'],
    ['a surrogate in a topic', [connect, packet(0x30, [0, 3, 0xed, 0xa0, 0x80])], 1, 'bad_topic'],
    ['a server packet', [connect, [0x20, 2, 0, 0]], 1, 'bad_flags'],
    ['a SUBSCRIBE without a filter', [connect, [0x82, 2, 0, 1]], 1, 'bad_length'],
    [
      'a will with QoS 3',
      [packet(0x10, [...text('MQTT'), 4, 0x1e, 0, 10, ...text('c'), ...text('w'), ...text('')])],
      0,
      'bad_connect',
    ],
    ['will flags without a will', [packet(0x10, [...text('MQTT'), 4, 0x0a, 0, 10, ...text('c')])], 0, 'bad_connect'],
    [
      'a password without a user',
      [packet(0x10, [...text('MQTT'), 4, 0x42, 0, 10, ...text('c'), ...text('p')])],
      0,
      'bad_connect',
    ],
    ['a reserved CONNECT flag', [packet(0x10, [...text('MQTT'), 4, 3, 0, 10, ...text('c')])], 0, 'bad_connect'],
    ['bytes after the CONNECT', [packet(0x10, [...text('MQTT'), 4, 2, 0, 10, ...text('c'), 9])], 0, 'bad_length'],
    ['NUL in a client id', [packet(0x10, [...text('MQTT'), 4, 2, 0, 10, ...text('\u0000')])], 0, 'bad_text'],
    [
      'NUL in a user name',
      [packet(0x10, [...text('MQTT'), 4, 0x82, 0, 10, ...text('c'), ...text('u\u0000')])],
      0,
      'bad_text',
    ],
    [
      'a surrogate in a user name',
      [packet(0x10, [...text('MQTT'), 4, 0x82, 0, 10, ...text('c'), 0, 3, 0xed, 0xa0, 0x80])],
      0,
      'bad_text',
    ],
    [
      'NUL in the topic of a will',
      [packet(0x10, [...text('MQTT'), 4, 6, 0, 10, ...text('c'), ...text('w\u0000'), ...text('')])],
      0,
      'bad_topic',
    ],
    ['another protocol', [packet(0x10, [...text('HTTP'), 4, 2, 0, 10, ...text('c')])], 0, 'bad_connect'],
  ])('refuses %s', (_name, parts, packets, reason) => {
    expect(outcome(...(parts as number[][]))).toEqual({ packets, reason });
  });

  it('gives the return codes that the standard names', () => {
    expect(outcome(packet(0x10, [...text('MQTT'), 5, 2, 0, 10, ...text('c')]))).toEqual({
      packets: 0,
      reason: 'bad_version',
      code: 1,
    });
    expect(outcome(packet(0x10, [...text('MQTT'), 4, 0, 0, 10, ...text('')]))).toEqual({
      packets: 0,
      reason: 'bad_connect',
      code: 2,
    });
  });
});
