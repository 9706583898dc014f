import { createCipheriv, createDecipheriv } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { annexE, osdpVectors } from './osdp.vectors.js';
import { maxFrameBytes } from './osdp-constants.js';
import { encodeOsdp, type OsdpFrame, osdpCrc } from './osdp-frame.js';
import {
  buzz,
  decodeKeySet,
  decodeLocalStatus,
  decodeOsdpIdentity,
  decodeRawCard,
  encodeRawCard,
  keySet,
  ledFor,
  rawCardNumber,
} from './osdp-messages.js';
import { createOsdpParser } from './osdp-parser.js';
import {
  type Aes128,
  initialMac,
  type OsdpChannel,
  openOsdp,
  osdpCryptogram,
  osdpKeys,
  sealOsdp,
} from './osdp-secure-channel.js';

const once = (cipher: ReturnType<typeof createCipheriv> | ReturnType<typeof createDecipheriv>, block: Uint8Array) => {
  cipher.setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(block), cipher.final()]));
};
const aes: Aes128 = {
  encrypt: (key, block) => once(createCipheriv('aes-128-ecb', key, null), block),
  decrypt: (key, block) => once(createDecipheriv('aes-128-ecb', key, null), block),
};

function bench() {
  const frames: OsdpFrame[] = [];
  let framed = 0;
  let dropped = 0;
  const parser = createOsdpParser({
    onFrame: (frame, bytes) => {
      frames.push(frame);
      framed += bytes;
    },
    onDiscard: (_reason, bytes) => {
      dropped += bytes;
    },
  });
  const flush = (): void => {
    while (parser.pendingBytes > 0) parser.flushStale();
  };
  return { parser, frames, flush, accounted: () => framed + dropped + parser.pendingBytes };
}

function frameOf(hex: string): OsdpFrame {
  const { parser, frames } = bench();
  parser.push(fromHex(hex));
  const [frame] = frames;
  expect(frame).toBeDefined();
  return frame as OsdpFrame;
}

const vector = (id: string): string => osdpVectors.find((one) => one.id === id)?.hex ?? '';
const zeros = new Uint8Array(16);
const zeroChannel: OsdpChannel = {
  keys: { encryption: zeros, mac1: zeros, mac2: zeros },
  sent: zeros,
  received: zeros,
};
/** Right frames that only the secure channel can refuse. */
const refusedByChannel = ['reject-sc-3'];

describe('the OSDP codec', () => {
  it('has the published check value of the CRC', () =>
    expect(osdpCrc(Uint8Array.from('123456789', (digit) => digit.charCodeAt(0)))).toBe(0xe5cc));

  it.each(osdpVectors)('reads or refuses $id ($origin)', ({ id, hex, decoded }) => {
    const { parser, frames, flush, accounted } = bench();
    parser.push(fromHex(hex));
    flush();
    expect(accounted()).toBe(hex.length / 2);
    if (decoded === null) {
      if (!refusedByChannel.includes(id)) expect(frames).toEqual([]);
      else expect(openOsdp(aes, zeroChannel, frames[0] as OsdpFrame)).toBeNull();
      return;
    }
    const frame = frames[0] as OsdpFrame;
    expect({ ...frame, security: frame.security?.type ?? null }).toMatchObject({
      address: decoded.address,
      reply: decoded.reply,
      sequence: decoded.sequence,
      crc: decoded.crc,
      security: decoded.securityType,
      id: decoded.id,
    });
    expect(toHex(frame.data).toLowerCase()).toBe(decoded.data);
    expect(frame.mac === null ? null : toHex(frame.mac).toLowerCase()).toBe(decoded.mac);
    const again = encodeOsdp(frame, () => frame.mac ?? zeros);
    expect(toHex(again).toLowerCase().slice(2)).toBe(hex.startsWith('ff') ? hex.slice(2) : hex);
  });

  it.each(osdpVectors.filter(({ origin, decoded }) => origin === 'net' && decoded?.mac != null))(
    'makes and opens the secure frame $id',
    ({ hex, decoded }) => {
      const frame = frameOf(hex);
      const plain = decoded?.plaintext ?? '';
      expect(openOsdp(aes, zeroChannel, frame)?.data).toEqual(fromHex(plain));
      const sealed = sealOsdp(aes, zeroChannel, { ...frame, data: fromHex(plain) });
      expect(toHex(sealed.bytes).toLowerCase()).toBe(hex);
    },
  );

  it('derives what Annex E says', () => {
    const keys = osdpKeys(aes, fromHex(annexE.key), fromHex(annexE.panelRandom));
    const randoms = [fromHex(annexE.panelRandom), fromHex(annexE.readerRandom)] as const;
    const server = osdpCryptogram(aes, keys, [randoms[1], randoms[0]]);
    expect({
      encryption: toHex(keys.encryption).toLowerCase(),
      mac1: toHex(keys.mac1).toLowerCase(),
      mac2: toHex(keys.mac2).toLowerCase(),
      serverCryptogram: toHex(server).toLowerCase(),
      clientCryptogram: toHex(osdpCryptogram(aes, keys, randoms)).toLowerCase(),
      initialMac: toHex(initialMac(aes, keys, server)).toLowerCase(),
    }).toEqual((({ key, panelRandom, readerRandom, ...expected }) => expected)(annexE));
  });

  it('follows the chain of MACs over a whole conversation, at both ends', () => {
    const keys = osdpKeys(aes, fromHex(annexE.key), fromHex(annexE.panelRandom));
    const first = fromHex(annexE.initialMac);
    let panel: OsdpChannel = { keys, sent: zeros, received: first };
    let reader: OsdpChannel = { keys, sent: first, received: zeros };
    const ids = ['calc-sc-5-poll-mac', 'calc-sc-6-ack-mac', 'calc-sc-7-poll-mac', 'calc-sc-8-raw-encrypted'];
    const opened = ids.map((id) => {
      const frame = frameOf(vector(id));
      const plain = frame.reply && frame.id === 0x50 ? fromHex('00011a003181f3c0') : new Uint8Array(0);
      const sealed = sealOsdp(aes, frame.reply ? reader : panel, { ...frame, data: plain });
      expect(toHex(sealed.bytes).toLowerCase()).toBe(vector(id));
      const result = openOsdp(aes, frame.reply ? panel : reader, frame);
      if (frame.reply) {
        reader = sealed.channel;
        panel = result?.channel ?? panel;
      } else {
        panel = sealed.channel;
        reader = result?.channel ?? reader;
      }
      return result?.data;
    });
    const card = decodeRawCard(opened[3] ?? zeros);
    expect(card).toMatchObject({ format: 1, bits: 26 });
    expect(card && rawCardNumber(card, 10)).toBe('0000C607CF');
  });

  it('refuses a frame that was changed, replayed or sent by the wrong end', () => {
    const frame = frameOf(vector('cmd-comset-sc'));
    expect(openOsdp(aes, zeroChannel, { ...frame, mac: Uint8Array.of(1, 2, 3, 4) })).toBeNull();
    expect(openOsdp(aes, { ...zeroChannel, sent: Uint8Array.of(1, ...zeros.subarray(1)) }, frame)).toBeNull();
    expect(openOsdp(aes, zeroChannel, { ...frame, reply: true })).toBeNull();
    expect(openOsdp(aes, zeroChannel, frameOf(vector('cmd-comset')))).toBeNull();
  });

  it('reads cards, and merges no two of them', () => {
    const published = decodeRawCard(fromHex('0500100012ab'));
    expect(published).toMatchObject({ reader: 5, format: 0, bits: 16 });
    expect(published && rawCardNumber(published, 10)).toBe('00000012AB');
    expect(published && rawCardNumber(published, 3)).toBeNull();
    expect(published && toHex(encodeRawCard(published))).toBe('0500100012AB');
    expect(decodeRawCard(fromHex('0500110012ab'))).toBeNull();
    expect(decodeRawCard(fromHex('050000'))).toBeNull();
  });

  it('tells identity and local status, and shows light and sound', () => {
    expect(decodeOsdpIdentity(fromHex('a1a2a3b1c1d1d2d3d4e1e2e3'))).toEqual({
      maker: 'A1A2A3',
      model: 0xb1,
      serial: 0xd4d3d2d1,
      firmware: '225.226.227',
    });
    expect(decodeLocalStatus(Uint8Array.of(1, 0))).toEqual({ tamper: true, power: false });
    expect(toHex(ledFor(2, 500))).toBe('0000020500020005000000000000'.slice(0, 28));
    expect(toHex(buzz(2, 100))).toBe('0002010102');
  });

  it('gives back what was encoded between any noise and cuts', () => {
    const noise = fc.uint8Array({ maxLength: 20 }).filter((bytes) => !bytes.includes(0x53) && !bytes.includes(0xff));
    const parts = fc.record({
      address: fc.integer({ min: 0, max: 127 }),
      reply: fc.boolean(),
      sequence: fc.integer({ min: 0, max: 3 }),
      crc: fc.boolean(),
      security: fc.constant(null),
      id: fc.integer({ min: 0, max: 255 }),
      data: fc.uint8Array({ maxLength: 100 }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, parts), { maxLength: 4 }), fc.integer({ min: 1, max: 9 }), (list, size) => {
        const { parser, frames, accounted } = bench();
        const line = list.flatMap(([before, one]) => [...before, ...encodeOsdp(one)]);
        for (let at = 0; at < line.length; at += size) parser.push(Uint8Array.from(line.slice(at, at + size)));
        expect(frames.map(({ mac, covered, ...rest }) => rest)).toEqual(list.map(([, one]) => one));
        expect(accounted()).toBe(line.length);
      }),
    );
  });

  it('accounts for every byte of any line', () => {
    const likely = fc.oneof(fc.constantFrom(0xff, 0x53, 0, 8, 9, 0x0c, 0x15), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(likely, { maxLength: 700 }), (line) => {
        const { parser, accounted, flush } = bench();
        parser.push(Uint8Array.from(line));
        expect(accounted()).toBe(line.length);
        expect(parser.pendingBytes).toBeLessThanOrEqual(maxFrameBytes);
        flush();
        expect(accounted()).toBe(line.length);
      }),
    );
  });
});

const research = new URL('../../../../../shared/data/vectors/osdp.json', import.meta.url);

describe.skipIf(!existsSync(research))(
  'the OSDP codec on the captures of the research (skipped where they are absent)',
  () => {
    it('reads every captured frame', () => {
      const { vectors } = JSON.parse(readFileSync(research, 'utf8')) as {
        vectors: { hex: string; source: string[]; decoded: { id?: string; data?: string } }[];
      };
      const captured = vectors.filter(({ source }) => source.includes('cap'));
      expect(captured.length).toBeGreaterThan(0);
      for (const { hex, decoded } of captured) {
        const frame = frameOf(hex);
        expect(frame.id).toBe(Number.parseInt(decoded.id ?? '', 16));
        expect(toHex(frame.data).toLowerCase()).toBe(decoded.data ?? '');
      }
    });
  },
);

describe('the key that a reader is given', () => {
  it('is written as readers of others are given theirs, and read back', () => {
    const { data } = frameOf('ff53001a000675011000010203040506070001020304050607cfa3'.slice(2));
    const key = fromHex('00010203040506070001020304050607');
    expect(toHex(keySet(key))).toBe(toHex(data));
    expect(decodeKeySet(data)).toEqual(key);
  });

  it.each(['', '0110', '021000010203040506070001020304050607', '01100001020304050607000102030405060708'])(
    'is none in %j',
    (hex) => expect(decodeKeySet(fromHex(hex))).toBeNull(),
  );
});
