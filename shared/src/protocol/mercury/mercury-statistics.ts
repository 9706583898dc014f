import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { opcode } from './mercury-constants.js';
import type { MercuryRequest } from './mercury-frame.js';

/** Content flags of command 6C and of the statistics in a stream. */
export const statisticsFlag = {
  rfOnTime: 0x0001,
  noiseFloor: 0x0040,
  frequency: 0x0080,
  temperature: 0x0100,
  antenna: 0x0200,
  protocol: 0x0400,
  connectedAntennas: 0x0800,
} as const;

export interface StatisticsField {
  /** One of `statisticsFlag`. */
  readonly flag: number;
  readonly value: Uint8Array;
}

export interface Statistics {
  readonly flags: number;
  readonly fields: readonly StatisticsField[];
}

/** Extended value: groups of seven bits, the most significant first, bit 8 set in all but the last. */
export function encodeExtendedValue(value: number): Uint8Array {
  const groups = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
  return Uint8Array.from(groups);
}

/** At most four groups; longer ones mark the cursor as short. */
export function readExtendedValue(cursor: ByteCursor): number {
  let value = 0;
  for (let group = 0; group < 4; group++) {
    const byte = cursor.u8();
    value = (value << 7) | (byte & 0x7f);
    if ((byte & 0x80) === 0) return value;
  }
  cursor.bytes(cursor.left + 1);
  return 0;
}

/** Flags, then for each field its flag, a length byte and the value. */
export function statisticsData(statistics: Statistics): Uint8Array {
  const out = new ByteComposer().bytes(encodeExtendedValue(statistics.flags));
  for (const field of statistics.fields) {
    out.bytes(encodeExtendedValue(field.flag)).u8(field.value.length).bytes(field.value);
  }
  return out.done();
}

export function decodeStatisticsData(data: Uint8Array): Statistics | null {
  return readStatistics(new ByteCursor(data));
}

export function readStatistics(cursor: ByteCursor): Statistics | null {
  const flags = readExtendedValue(cursor);
  const fields: StatisticsField[] = [];
  while (cursor.left > 0) {
    const flag = readExtendedValue(cursor);
    fields.push({ flag, value: cursor.bytes(cursor.u8()).slice() });
  }
  return cursor.done ? { flags, fields } : null;
}

/** Degrees Celsius, or null when the statistics have none. */
export function temperatureOf(statistics: Statistics): number | null {
  const field = statistics.fields.find((candidate) => candidate.flag === statisticsFlag.temperature);
  const byte = field?.value[0];
  return byte === undefined || field?.value.length !== 1 ? null : (byte << 24) >> 24;
}

export interface StatisticsRequest {
  /** 0 resets, 1 asks. */
  readonly option: number;
  readonly flags: number;
}

export function statisticsRequest(request: StatisticsRequest): MercuryRequest {
  const data = new ByteComposer().u8(request.option).bytes(encodeExtendedValue(request.flags)).done();
  return { op: opcode.statistics, data };
}

export function decodeStatisticsRequest(data: Uint8Array): StatisticsRequest | null {
  const cursor = new ByteCursor(data);
  const request = { option: cursor.u8(), flags: readExtendedValue(cursor) };
  return cursor.done ? request : null;
}

export function statisticsReply(option: number, statistics: Statistics): Uint8Array {
  return new ByteComposer().u8(option).bytes(statisticsData(statistics)).done();
}

export function decodeStatisticsReply(data: Uint8Array): (Statistics & { readonly option: number }) | null {
  const cursor = new ByteCursor(data);
  const option = cursor.u8();
  const statistics = readStatistics(cursor);
  return statistics && { option, ...statistics };
}

/** Content flags of the older status stream (search flag 0020), which has fixed fields. */
export const statusStreamFlag = { frequency: 0x0002, temperature: 0x0004, antenna: 0x0008 } as const;

/** Fields that the content flags leave out are null. */
export interface StatusReport {
  readonly frequencyKHz: number | null;
  readonly temperatureC: number | null;
  readonly txPort: number | null;
  readonly rxPort: number | null;
}

export function statusReportData(report: StatusReport): Uint8Array {
  const { frequencyKHz, temperatureC, txPort, rxPort } = report;
  const out = new ByteComposer().u16(
    (frequencyKHz === null ? 0 : statusStreamFlag.frequency) |
      (temperatureC === null ? 0 : statusStreamFlag.temperature) |
      (txPort === null ? 0 : statusStreamFlag.antenna),
  );
  if (frequencyKHz !== null) out.u24(frequencyKHz);
  if (temperatureC !== null) out.u8(temperatureC);
  if (txPort !== null) out.u8(txPort).u8(rxPort ?? txPort);
  return out.done();
}

export function readStatusReport(cursor: ByteCursor): StatusReport | null {
  const flags = cursor.u16();
  const hasAntenna = (flags & statusStreamFlag.antenna) !== 0;
  const report = {
    frequencyKHz: (flags & statusStreamFlag.frequency) !== 0 ? cursor.u24() : null,
    temperatureC: (flags & statusStreamFlag.temperature) !== 0 ? cursor.s8() : null,
    txPort: hasAntenna ? cursor.u8() : null,
    rxPort: hasAntenna ? cursor.u8() : null,
  };
  return cursor.done ? report : null;
}
