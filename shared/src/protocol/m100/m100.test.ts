import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { m100Vectors } from './m100.vectors.js';
import {
  decodeErrorReply,
  decodeInfoReply,
  decodeInfoRequest,
  decodeMultiInventoryRequest,
  decodePower,
  decodeQuery,
  decodeReport,
  decodeSetBaudRequest,
  decodeTagNotice,
  errorReply,
  getPowerRequest,
  infoReply,
  infoRequest,
  inventoryRequest,
  multiInventoryRequest,
  queryWord,
  setBaudRequest,
  setHoppingRequest,
  setPowerRequest,
  setQueryRequest,
  setRegionRequest,
  setSelectModeRequest,
  stopMultiInventoryRequest,
  tagNotice,
  usualQuery,
} from './m100-commands.js';
import { command, errorCode, errorSentence, frameType, knownErrors, regionCode, selectMode } from './m100-constants.js';
import { encodeFrame, encodeRequest, type M100Frame } from './m100-frame.js';
import { createM100Parser } from './m100-parser.js';

function parse(hex: string, direction: 'command' | 'reply'): { frames: M100Frame[]; discarded: number } {
  const frames: M100Frame[] = [];
  let discarded = 0;
  const parser = createM100Parser({
    direction,
    onFrame: (frame) => frames.push(frame),
    onDiscard: (_reason, bytes) => {
      discarded += bytes;
    },
  });
  parser.push(fromHex(hex));
  while (parser.pendingBytes > 0) parser.flushStale();
  return { frames, discarded };
}

const directionOf = (direction: string): 'command' | 'reply' => (direction === 'request' ? 'command' : 'reply');
const hexOf = (bytes: Uint8Array): string => toHex(bytes).toLowerCase();
const vector = (id: string): string => m100Vectors.find((one) => one.id === id)?.hex ?? '';

describe('the M100 codec', () => {
  const good = m100Vectors.filter(({ standing }) => standing === 'good');

  it.each(good)('reads and rebuilds $id', ({ hex, direction, decoded }) => {
    const { frames, discarded } = parse(hex, directionOf(direction));
    expect(frames).toHaveLength(1);
    expect(discarded).toBe(0);
    const [frame] = frames;
    if (frame === undefined) return;
    expect(frame.params).toHaveLength(Number(decoded['paramLen']));
    expect(hexOf(encodeFrame(frame))).toBe(hex);
    expect(meaningOf(frame)).toEqual(
      Object.fromEntries(Object.keys(meaningOf(frame)).map((key) => [key, decoded[key]])),
    );
  });

  /** What the frame says, in the words of the vectors. */
  function meaningOf(frame: M100Frame): Record<string, unknown> {
    if (frame.type === frameType.notice) {
      const tag = decodeTagNotice(frame.params);
      if (tag === null) return { kind: 'malformed' };
      const { rssiDbm, epc, epcCrc, epcCrcValid } = tag;
      return { rssiDbm, epc, epcCrc: toHex(Uint8Array.of(epcCrc >>> 8, epcCrc & 0xff)), epcCrcValid };
    }
    if (frame.command === command.error) {
      const error = decodeErrorReply(frame.params);
      if (error === null) return { kind: 'malformed' };
      const errorText = toHex(Uint8Array.of(error.code));
      return error.epc === null ? { errorCode: errorText } : { errorCode: errorText, epc: error.epc };
    }
    if (frame.command === command.setPower && frame.type === frameType.command) {
      return { powerCentiDbm: decodePower(frame.params) };
    }
    if (frame.command === command.getQuery && frame.params.length === 2) {
      const query = decodeQuery(frame.params);
      return { session: query?.session, target: query?.target, q: query?.q, trext: query?.trext };
    }
    if (frame.command === command.multiInventory) return { count: decodeMultiInventoryRequest(frame.params) };
    return {};
  }

  it.each(m100Vectors.filter(({ standing }) => standing === 'bad'))('refuses $id', ({ hex, direction }) => {
    const { frames, discarded } = parse(hex, directionOf(direction));
    expect(frames).toEqual([]);
    expect(discarded).toBe(hex.length / 2);
  });

  it.each([
    [infoRequest('hardware'), 'cmd-get-module-info'],
    [inventoryRequest(), 'cmd-single-inventory'],
    [multiInventoryRequest(0xffff), 'cmd-multi-inventory'],
    [multiInventoryRequest(10_000), 'cmd-multi-inventory-2'],
    [stopMultiInventoryRequest(), 'cmd-stop-multi-inventory'],
    [setPowerRequest(2000), 'cmd-set-power-6'],
    [getPowerRequest(), 'cmd-get-power'],
    [setRegionRequest(regionCode.eu3), 'cmd-set-region-4'],
    [setSelectModeRequest(selectMode.never), 'cmd-set-select-mode'],
    [setQueryRequest(usualQuery), 'cmd-set-query'],
    [setHoppingRequest(true), 'cmd-frequency-hopping'],
  ])('builds a published command (%#)', (request, id) => {
    expect(hexOf(encodeRequest(request))).toBe(vector(id));
  });

  it('builds the notices that a module sends', () => {
    const known = { rssiDbm: -52, epc: '3474257BF40000000000162E' };
    expect(hexOf(encodeFrame(tagNotice(known)))).toBe(vector('calc-notice-tag-1'));
    expect(hexOf(encodeFrame(errorReply(errorCode.noTag)))).toBe(vector('rsp-error'));
  });

  it('tells reports from replies', () => {
    const empty = parse(vector('rsp-error'), 'reply').frames[0];
    const tag = parse(vector('calc-notice-delimiters-in-payload'), 'reply').frames[0];
    const stopped = parse(vector('rsp-stop-multi-inventory'), 'reply').frames[0];
    expect(empty && decodeReport(empty)).toEqual({ kind: 'no-tag' });
    expect(tag && decodeReport(tag)).toMatchObject({
      kind: 'tag',
      tag: { epc: '7E7EBB7E0000BB0000227E01', rssiDbm: -55 },
    });
    expect(stopped && decodeReport(stopped)).toBeNull();
    expect(decodeReport(errorReply(errorCode.hopping))).toEqual({ kind: 'problem', code: 0x20 });
    const nothing = new Uint8Array(0);
    expect(decodeReport({ type: frameType.notice, command: command.inventory, params: nothing })?.kind).toBe(
      'malformed',
    );
    expect(decodeReport({ type: frameType.reply, command: command.error, params: nothing })?.kind).toBe('malformed');
  });

  it('reads back what it wrote', () => {
    expect(decodeInfoReply(infoReply('hardware', 'M100 26dBm V1.0'))).toEqual({
      which: 'hardware',
      text: 'M100 26dBm V1.0',
    });
    expect(decodeInfoRequest(infoRequest('maker').params)).toBe('maker');
    expect(decodeSetBaudRequest(setBaudRequest(115_200).params)).toBe(115_200);
    const query = { dr: 1, m: 2, trext: 0, sel: 3, session: 1, target: 'B', q: 7 } as const;
    expect(decodeQuery(setQueryRequest(query).params)).toEqual(query);
    expect(queryWord(usualQuery)).toBe(0x1020);
  });

  it('gives back what was encoded, wherever the line cuts it', () => {
    const frame = fc.record({
      type: fc.constantFrom(frameType.reply, frameType.notice),
      command: fc.integer({ min: 0, max: 255 }),
      params: fc.uint8Array({ maxLength: 60 }),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), fc.integer({ min: 1, max: 40 }), (sent, step) => {
        const frames: M100Frame[] = [];
        const parser = createM100Parser({
          direction: 'reply',
          onFrame: (one) => frames.push(one),
          onDiscard: () => expect.unreachable(),
        });
        const bytes = Uint8Array.from(sent.flatMap((one) => [...encodeFrame(one)]));
        for (let at = 0; at < bytes.length; at += step) parser.push(bytes.subarray(at, at + step));
        expect(frames).toEqual(sent);
      }),
    );
  });

  it('has a sentence for every error', () => {
    expect(knownErrors).toEqual(expect.arrayContaining(Object.values(errorCode)));
    expect(errorSentence(0xb3)).toBe('The tag could not be written: it reports error 3.');
    expect(errorSentence(0x77)).toBe('The reader reports error 77.');
  });
});
