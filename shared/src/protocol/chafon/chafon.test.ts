import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { chafonVectors } from './chafon.vectors.js';
import {
  decodeFrequencyData,
  decodeInventory18Reply,
  decodeInventory288Reply,
  decodeInventory288Request,
  decodeReaderInfoReply,
  decodeTemperatureReply,
  inventory18Reply,
  inventory18Request,
  inventory288Reply,
  inventory288Request,
  readerInfoReply,
  readerInfoRequest,
  setAddressRequest,
  setBaudRequest,
  setFrequencyRequest,
  setPowerRequest,
  setScanTimeRequest,
  temperatureReply,
} from './chafon-commands.js';
import { bandOfRegion, broadcastAddress, command, knownStatuses, status, statusSentence } from './chafon-constants.js';
import { type AddressedRequest, type ChafonReply, chafonCrc, encodeReply, encodeRequest } from './chafon-frame.js';
import { createChafonReplyParser, createChafonRequestParser } from './chafon-parser.js';

function parseReplies(hex: string): { frames: ChafonReply[]; discarded: number } {
  const frames: ChafonReply[] = [];
  let discarded = 0;
  const parser = createChafonReplyParser({
    onFrame: (frame) => frames.push(frame),
    onDiscard: (_reason, bytes) => {
      discarded += bytes;
    },
  });
  parser.push(fromHex(hex));
  while (parser.pendingBytes > 0) parser.flushStale();
  return { frames, discarded };
}

function parseRequests(hex: string): AddressedRequest[] {
  const frames: AddressedRequest[] = [];
  const parser = createChafonRequestParser({ onFrame: (frame) => frames.push(frame), onDiscard: () => {} });
  parser.push(fromHex(hex));
  return frames;
}

function vector(id: string): string {
  return chafonVectors.find((one) => one.id === id)?.hex ?? '';
}

const hexOf = (bytes: Uint8Array): string => toHex(bytes).toLowerCase();

describe('the Chafon codec', () => {
  it('has the published check value', () => {
    expect(chafonCrc(new TextEncoder().encode('123456789'))).toBe(0x6f91);
  });

  const good = chafonVectors.filter(({ standing }) => standing === 'good');

  it.each(good.filter(({ direction }) => direction === 'reply'))('reads and rebuilds $id', ({ hex, decoded }) => {
    const { frames, discarded } = parseReplies(hex);
    expect(frames).toHaveLength(1);
    expect(discarded).toBe(0);
    const [frame] = frames;
    if (frame === undefined) return;
    expect(toHex(Uint8Array.of(frame.status))).toBe(decoded['status']);
    expect(hexOf(encodeReply(frame))).toBe(hex);
    if (decoded['command'] !== 'inventory' || decoded['tags'] === undefined) return;
    if (decoded['model'] === 18) {
      const tags = decodeInventory18Reply(frame.data) ?? [];
      expect(tags.map(({ epc }) => ({ epc }))).toEqual(decoded['tags']);
      expect(toHex(inventory18Reply(tags.map(({ epc }) => epc)))).toBe(toHex(frame.data));
    } else {
      const inventory = decodeInventory288Reply(frame.data);
      const [antenna] = inventory?.antennas ?? [];
      expect(inventory?.tags.map(({ epc, rssiRaw }) => ({ antenna, epc, rssiRaw }))).toEqual(decoded['tags']);
      expect(toHex(inventory288Reply(antenna ?? 0, inventory?.tags ?? []))).toBe(toHex(frame.data));
    }
  });

  it.each(good.filter(({ direction }) => direction === 'request'))('reads and rebuilds $id', ({ hex }) => {
    const [frame] = parseRequests(hex);
    expect(frame).toBeDefined();
    if (frame !== undefined) expect(hexOf(encodeRequest(frame))).toBe(hex);
  });

  it.each(chafonVectors.filter(({ standing }) => standing === 'bad'))('refuses $id', ({ hex }) => {
    const { frames, discarded } = parseReplies(hex);
    expect(frames).toEqual([]);
    expect(discarded).toBe(hex.length / 2);
  });

  it('builds the published commands', () => {
    const at = (address: number, request: { command: number; data: Uint8Array }): string =>
      hexOf(encodeRequest({ address, ...request }));
    expect(at(broadcastAddress, readerInfoRequest())).toBe(vector('cmd-reader-info'));
    expect(at(broadcastAddress, inventory18Request())).toBe(vector('cmd-inventory18'));
    expect(at(0, setPowerRequest(30))).toBe(vector('cmd-set-power-30'));
    expect(at(0, setAddressRequest(0))).toBe(vector('cmd-set-address-0'));
    expect(at(0, setFrequencyRequest(bandOfRegion.na))).toBe(vector('cmd-set-frequency'));
    expect(at(broadcastAddress, setScanTimeRequest(10))).toBe(vector('calc-cmd-scan-time-1s'));
    const usual = { q: 15, session: 0, target: 0, antenna: 1, scanTime: 20 };
    expect(at(broadcastAddress, inventory288Request(usual))).toBe(vector('calc-cmd-inventory288-defaults'));
    expect(setBaudRequest(115_200)?.data).toEqual(Uint8Array.of(6));
    expect(setBaudRequest(921_600)).toBeNull();
  });

  it('reads what the reader tells about itself', () => {
    const [frame] = parseReplies(vector('rsp-info-288')).frames;
    const info = decodeReaderInfoReply(frame?.data ?? new Uint8Array(0));
    expect(info).toEqual({
      firmware: '0.22',
      type: 0x0c,
      protocols: 0x03,
      frequency: bandOfRegion.eu3,
      powerDbm: 30,
      scanTime: 10,
      antennas: 1,
      checksAntennas: false,
    });
    if (info !== null) expect(toHex(readerInfoReply(info))).toBe(toHex(frame?.data ?? new Uint8Array(0)));
    expect(decodeReaderInfoReply(new Uint8Array(7))).toBeNull();
    expect(decodeReaderInfoReply(new Uint8Array(8))?.antennas).toBeNull();
  });

  it('reads back what it wrote', () => {
    for (const frequency of Object.values(bandOfRegion)) {
      expect(decodeFrequencyData(setFrequencyRequest(frequency).data)).toEqual(frequency);
    }
    for (const celsius of [-20, 0, 41]) expect(decodeTemperatureReply(temperatureReply(celsius))).toBe(celsius);
    const setting = { q: 6, session: 1, target: 1, antenna: 4, scanTime: 3 };
    expect(decodeInventory288Request(inventory288Request(setting).data)).toEqual(setting);
    expect(decodeInventory288Request(new Uint8Array(0))).toBeNull();
  });

  it('refuses counts that do not fit', () => {
    expect(decodeInventory288Reply(fromHex('01020C'))).toBeNull();
    expect(decodeInventory288Reply(fromHex('0100FF'))).toBeNull();
    expect(decodeInventory18Reply(fromHex('FF'))).toBeNull();
  });

  it('gives back what was encoded, wherever the line cuts it', () => {
    const reply = fc.record({
      address: fc.integer({ min: 0, max: 255 }),
      command: fc.integer({ min: 0, max: 255 }),
      status: fc.integer({ min: 0, max: 255 }),
      data: fc.uint8Array({ maxLength: 250 }),
    });
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 6 }), fc.integer({ min: 1, max: 40 }), (replies, step) => {
        const frames: ChafonReply[] = [];
        const parser = createChafonReplyParser({
          onFrame: (frame) => frames.push(frame),
          onDiscard: () => expect.unreachable(),
        });
        const bytes = Uint8Array.from(replies.flatMap((one) => [...encodeReply(one)]));
        for (let at = 0; at < bytes.length; at += step) parser.push(bytes.subarray(at, at + step));
        expect(frames).toEqual(replies);
      }),
    );
  });

  it('finds the next answer behind noise once the line is silent', () => {
    const { frames, discarded } = parseReplies(`f00102${vector('rsp-inv288-ant1')}`);
    expect(frames.map((frame) => frame.command)).toEqual([command.inventory]);
    expect(discarded).toBe(3);
  });

  it('has a sentence for every status', () => {
    expect(knownStatuses).toEqual(expect.arrayContaining(Object.values(status)));
    expect(statusSentence(0x77)).toBe('The reader reports status 77.');
  });
});
