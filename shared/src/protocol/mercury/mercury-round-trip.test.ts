import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCursor } from '../byte-cursor.js';
import {
  type AntennaReport,
  antennasReply,
  decodeAntennasReply,
  decodeSetAntennasRequest,
} from './mercury-antenna-commands.js';
import { opcode } from './mercury-constants.js';
import {
  decodeContinuousRequest,
  decodeStreamReply,
  startContinuousRequest,
  whileReadingRequest,
} from './mercury-continuous-commands.js';
import { decodeSetGpioRequest, setGpioRequest } from './mercury-gpio-commands.js';
import {
  currentProgramReply,
  decodeCurrentProgramReply,
  decodeProfileRequest,
  profileRequest,
} from './mercury-module-commands.js';
import { getReaderParamRequest } from './mercury-param-commands.js';
import { decodeSetHopTimeRequest, setHopTimeRequest } from './mercury-radio-commands.js';
import {
  decodeSearchCountReply,
  decodeSearchRequest,
  decodeTagBufferIndicesReply,
  decodeTagBufferReply,
  searchCountReply,
  searchData,
  tagBufferIndicesReply,
} from './mercury-search-commands.js';
import { decodeStatisticsData } from './mercury-statistics.js';
import { decodeTagRecord } from './mercury-tag-record.js';

describe('Mercury commands in both directions', () => {
  it('give back every setting of antennas', () => {
    const port = fc.integer({ min: 0, max: 255 });
    const s16 = fc.integer({ min: -32768, max: 32767 });
    const u16 = fc.integer({ min: 0, max: 65535 });
    const report: fc.Arbitrary<AntennaReport> = fc.oneof(
      fc.record({ kind: fc.constant('pair' as const), pair: fc.record({ tx: port, rx: port }) }),
      fc.record({ kind: fc.constant('search-list' as const), list: fc.array(fc.record({ tx: port, rx: port })) }),
      fc.record({
        kind: fc.constant('read-power' as const),
        ports: fc.array(
          fc.record({ port, readCentiDbm: s16, writeCentiDbm: fc.constant(null), settlingUs: fc.constant(null) }),
        ),
      }),
      fc.record({
        kind: fc.constant('power' as const),
        ports: fc.array(fc.record({ port, readCentiDbm: s16, writeCentiDbm: s16, settlingUs: u16 })),
      }),
      fc.record({ kind: fc.constant('sensed' as const), ports: fc.array(fc.record({ port, sensed: fc.boolean() })) }),
      fc.record({
        kind: fc.constant('return-loss' as const),
        ports: fc.array(fc.record({ port, returnLoss: port })),
      }),
      fc.record({ kind: fc.constant('dwell' as const), ports: fc.array(fc.record({ port, dwellMs: u16 })) }),
    );
    fc.assert(
      fc.property(report, (one) => {
        const data = antennasReply(one);
        expect(decodeAntennasReply(data)).toEqual(one);
        const settable = one.kind !== 'sensed' && one.kind !== 'return-loss';
        expect(decodeSetAntennasRequest(data)).toEqual(settable ? one : null);
      }),
    );
  });

  it('give back every search', () => {
    const search = fc.record({
      option: fc.constantFrom(0x00, 0x10, 0x81, 0x88),
      extendedOption: fc.integer({ min: 0, max: 255 }),
      flags: fc.integer({ min: 0, max: 0x07ff }),
      timeoutMs: fc.integer({ min: 0, max: 65535 }),
      offTimeMs: fc.integer({ min: 0, max: 65535 }),
      metadataFlags: fc.integer({ min: 0, max: 65535 }),
      statisticsFlags: fc.integer({ min: 0, max: 0x0fff }),
      stopAfterTags: fc.integer({ min: 0, max: 0xffffffff }),
    });
    fc.assert(
      fc.property(search, (one) => {
        const extendedOption = (one.option & 0x80) !== 0 ? one.extendedOption : null;
        const named = ((extendedOption ?? one.option) & 0x10) !== 0;
        const setting = { ...one, metadataFlags: named ? one.metadataFlags : null };
        expect(decodeSearchRequest(searchData(setting))).toEqual({
          ...setting,
          extendedOption,
          statisticsFlags: (one.flags & 0x0120) !== 0 ? one.statisticsFlags : null,
          offTimeMs: (one.flags & 0x0400) !== 0 ? one.offTimeMs : null,
          stopAfterTags: (one.flags & 0x0040) !== 0 ? one.stopAfterTags : null,
          rest: new Uint8Array(0),
        });
        expect(decodeContinuousRequest(startContinuousRequest(setting).data)).toMatchObject({ kind: 'start' });
      }),
    );
  });

  it('give back the count of a search in all four layouts', () => {
    for (const layout of ['u8', 'u32'] as const) {
      for (const extendedOption of [null, 7]) {
        const count = { option: 0x10, extendedOption, flags: 0x13, tags: 200 };
        expect(decodeSearchCountReply(searchCountReply(count, layout))).toEqual(count);
      }
    }
  });

  it('give back the smaller messages', () => {
    expect(decodeSetHopTimeRequest(setHopTimeRequest(250).data)).toBe(250);
    expect(decodeTagBufferIndicesReply(tagBufferIndicesReply(7, 3))).toEqual({ writeIndex: 7, readIndex: 3 });
    expect(decodeCurrentProgramReply(currentProgramReply('bootloader'))).toBe('bootloader');
    expect(decodeProfileRequest(profileRequest({ action: 4, rest: Uint8Array.of(1) }).data)).toEqual({
      action: 4,
      rest: Uint8Array.of(1),
    });
    const pin = { kind: 'configure', pin: 3, output: true, high: true } as const;
    expect(decodeSetGpioRequest(setGpioRequest(pin).data)).toEqual(pin);
    const inner = getReaderParamRequest(4);
    expect(decodeContinuousRequest(whileReadingRequest(inner).data)).toEqual({ kind: 'command', command: inner });
  });

  it('never throw on any data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 249 }), fc.integer({ min: 0, max: 0x3fff }), (data, flags) => {
        decodeStreamReply({ op: opcode.search, status: 0, data });
        decodeTagRecord(new ByteCursor(data), flags);
        decodeTagBufferReply(data);
        decodeContinuousRequest(data);
        decodeStatisticsData(data);
        decodeAntennasReply(data);
        decodeSearchCountReply(data);
      }),
    );
  });
});
