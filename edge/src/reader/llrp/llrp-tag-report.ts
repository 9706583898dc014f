import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import { listOf, recordOf } from './llrp-codec.js';

export interface LlrpTagReports {
  readonly reads: readonly TagRead[];
  /** Reports without an EPC, an antenna or a strength. */
  readonly malformed: number;
}

/** The reads in an RO_ACCESS_REPORT (LLRP 1.0.1 section 14.2.3.1). */
export function readTagReports(data: Readonly<Record<string, unknown>>, atMs: number): LlrpTagReports {
  const reports = listOf(data.TagReportData);
  const reads = reports.flatMap((report) => {
    const epc = recordOf(report.EPC_96 ?? report.EPCData).EPC;
    const antenna = recordOf(report.AntennaID).AntennaID;
    const rssiDbm = recordOf(report.PeakRSSI).PeakRSSI;
    const count = recordOf(report.TagSeenCount).TagCount;
    if (typeof epc !== 'string' || !/^(?:[0-9A-Fa-f]{4})+$/.test(epc)) return [];
    if (typeof antenna !== 'number' || antenna < 1 || typeof rssiDbm !== 'number') return [];
    const seen = typeof count === 'number' && count >= 1 ? count : 1;
    return [{ epc: epc.toUpperCase(), antenna, rssiDbm, count: seen, atMs }];
  });
  return { reads, malformed: reports.length - reads.length };
}
