import { existsSync, readFileSync } from 'node:fs';
import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLlrp, encodeLlrp, recordOf } from './llrp-codec.js';
import { readTagReports } from './llrp-tag-report.js';

const report = (TagReportData: unknown) =>
  decodeLlrp(encodeLlrp({ id: 1, type: 'RO_ACCESS_REPORT', data: { TagReportData } }))?.data ?? {};
const tag = {
  EPC_96: { EPC: '3034257BF7194E4000001A85' },
  AntennaID: { AntennaID: 2 },
  PeakRSSI: { PeakRSSI: -48 },
  TagSeenCount: { TagCount: 3 },
};
const read = { epc: '3034257BF7194E4000001A85', antenna: 2, rssiDbm: -48, count: 3, atMs: 7 };

/** Messages whose bytes follow from the standard (LLRP 1.0.1 section 16), checked with a second encoder. */
const known = [
  ['043E0000000A00000001', 'KEEPALIVE', 1],
  ['04480000000A00000001', 'KEEPALIVE_ACK', 1],
  ['04150000000E0000000200000000', 'DELETE_ROSPEC', 2],
  ['04180000000E0000000300000001', 'ENABLE_ROSPEC', 3],
  ['04160000000E0000000400000001', 'START_ROSPEC', 4],
  ['040E0000000A00000006', 'CLOSE_CONNECTION', 6],
  ['041E0000001200000008011F000800000000', 'ADD_ROSPEC_RESPONSE', 8],
  ['043F000000200000000000F600160080000C0005AC35BD20D150010000060000', 'READER_EVENT_NOTIFICATION', 0],
] as const;

describe('the LLRP codec', () => {
  it.each(known)('reads and writes %s', (hex, type, id) => {
    const message = decodeLlrp(fromHex(hex));
    expect(message).toMatchObject({ id, type });
    expect(message && toHex(encodeLlrp(message))).toBe(hex);
  });

  it('refuses what is no message, and never throws', () => {
    expect(decodeLlrp(fromHex('043D0000001400000001 00F0001F8D30'))).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(...known), (noise, [hex]) => {
        const bytes = fromHex(hex);
        decodeLlrp(noise);
        decodeLlrp(Uint8Array.from([...bytes.subarray(0, 10), ...noise]));
      }),
    );
  });
});

describe('readTagReports', () => {
  it('takes one tag, several, and none', () => {
    expect(readTagReports(report(tag), 7)).toEqual({ reads: [read], malformed: 0 });
    expect(readTagReports(report([tag, tag]), 7).reads).toEqual([read, read]);
    expect(readTagReports({}, 7)).toEqual({ reads: [], malformed: 0 });
  });

  it('takes an EPC of any length', () => {
    const { EPC_96, ...rest } = tag;
    expect(readTagReports(report({ EPCData: { EPC: 'E2801160AABB' }, ...rest }), 7).reads).toEqual([
      { ...read, epc: 'E2801160AABB' },
    ]);
  });

  it('counts once when the reader tells no count', () =>
    expect(readTagReports({ TagReportData: { ...tag, TagSeenCount: undefined } }, 7).reads).toEqual([
      { ...read, count: 1 },
    ]));

  it.each(['EPC_96', 'AntennaID', 'PeakRSSI'])('counts a report without %s as malformed', (missing) =>
    expect(readTagReports({ TagReportData: { ...tag, [missing]: undefined } }, 7)).toEqual({ reads: [], malformed: 1 }),
  );
});

const research = new URL('../../../../../shared/data/vectors/llrp.json', import.meta.url);

describe.skipIf(!existsSync(research))('the LLRP codec on captured reports (skipped where they are absent)', () => {
  it('reads every captured tag', () => {
    const { vectors } = JSON.parse(readFileSync(research, 'utf8')) as {
      vectors: { id: string; hex: string; decoded: { epc96?: string; antennaId?: number; peakRssi?: number } }[];
    };
    const captured = vectors.filter(({ id }) => id.startsWith('ro-report-param'));
    expect(captured.length).toBeGreaterThan(0);
    for (const { hex, decoded } of captured) {
      const length = (10 + hex.length / 2).toString(16).padStart(8, '0');
      const message = decodeLlrp(fromHex(`043d${length}00000001${hex}`));
      expect(readTagReports(recordOf(message?.data), 0).reads).toEqual([
        { epc: decoded.epc96, antenna: decoded.antennaId, rssiDbm: decoded.peakRssi, count: 1, atMs: 0 },
      ]);
    }
  });
});
