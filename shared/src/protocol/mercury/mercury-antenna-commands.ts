import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { opcode } from './mercury-constants.js';
import type { MercuryRequest } from './mercury-frame.js';

export interface PortPair {
  readonly tx: number;
  readonly rx: number;
}

export interface PortPower {
  readonly port: number;
  /** Hundredths of a dBm, signed; 8000 (as -32768) = the module's global power. */
  readonly readCentiDbm: number;
  readonly writeCentiDbm: number | null;
  readonly settlingUs: number | null;
}

export interface PortDwell {
  /** 0 = the pause between two sweeps. */
  readonly port: number;
  readonly dwellMs: number;
}

export interface PortSensed {
  readonly port: number;
  /** Depends on how the antenna is built; false is a hint and no proof. */
  readonly sensed: boolean;
}

export interface PortReturnLoss {
  readonly port: number;
  readonly returnLoss: number;
}

/** What can be set with command 91. */
export type AntennaSetting =
  | { readonly kind: 'pair'; readonly pair: PortPair }
  /** The module cycles through it by itself. */
  | { readonly kind: 'search-list'; readonly list: readonly PortPair[] }
  | { readonly kind: 'read-power'; readonly ports: readonly PortPower[] }
  | { readonly kind: 'power'; readonly ports: readonly PortPower[] }
  | { readonly kind: 'dwell'; readonly ports: readonly PortDwell[] };

/** What the reply to command 61 tells. */
export type AntennaReport =
  | AntennaSetting
  | { readonly kind: 'sensed'; readonly ports: readonly PortSensed[] }
  | { readonly kind: 'return-loss'; readonly ports: readonly PortReturnLoss[] };

/** The option byte of the replies to 61 and of the longer forms of 91. */
export const antennaOption = {
  pair: 0x00,
  pairAndCount: 0x01,
  searchList: 0x02,
  readPower: 0x03,
  power: 0x04,
  sensed: 0x05,
  returnLoss: 0x06,
  dwell: 0x07,
} as const;

export function setAntennasRequest(setting: AntennaSetting): MercuryRequest {
  return { op: opcode.setAntennas, data: antennaData(setting) };
}

/** Null when malformed; the two-byte form is a port pair without an option byte. */
export function decodeSetAntennasRequest(data: Uint8Array): AntennaSetting | null {
  if (data.length === 2) return { kind: 'pair', pair: { tx: data[0] as number, rx: data[1] as number } };
  const report = decodeByOption(data);
  if (report === null || report.kind === 'pair' || report.kind === 'sensed' || report.kind === 'return-loss')
    return null;
  return report;
}

export function getAntennasRequest(option: number): MercuryRequest {
  return { op: opcode.getAntennas, data: Uint8Array.of(option) };
}

/** The option asked for; the empty request asks for the bare port pair. Null when malformed. */
export function decodeGetAntennasRequest(data: Uint8Array): number | null {
  if (data.length === 0) return antennaOption.pair;
  return data.length === 1 ? (data[0] as number) : null;
}

export function antennasReply(report: AntennaReport): Uint8Array {
  return antennaData(report);
}

export function decodeAntennasReply(data: Uint8Array): AntennaReport | null {
  if (data.length === 2) return { kind: 'pair', pair: { tx: data[0] as number, rx: data[1] as number } };
  return decodeByOption(data);
}

function antennaData(report: AntennaReport): Uint8Array {
  const out = new ByteComposer();
  switch (report.kind) {
    case 'pair':
      return out.u8(report.pair.tx).u8(report.pair.rx).done();
    case 'search-list':
      out.u8(antennaOption.searchList);
      for (const pair of report.list) out.u8(pair.tx).u8(pair.rx);
      return out.done();
    case 'read-power':
      out.u8(antennaOption.readPower);
      for (const port of report.ports) out.u8(port.port).u16(port.readCentiDbm);
      return out.done();
    case 'power':
      out.u8(antennaOption.power);
      for (const port of report.ports) {
        out
          .u8(port.port)
          .u16(port.readCentiDbm)
          .u16(port.writeCentiDbm ?? port.readCentiDbm)
          .u16(port.settlingUs ?? 0);
      }
      return out.done();
    case 'sensed':
      out.u8(antennaOption.sensed);
      for (const port of report.ports) out.u8(port.port).u8(port.sensed ? 1 : 0);
      return out.done();
    case 'return-loss':
      out.u8(antennaOption.returnLoss);
      for (const port of report.ports) out.u8(port.port).u8(port.returnLoss);
      return out.done();
    case 'dwell':
      out.u8(antennaOption.dwell);
      for (const port of report.ports) out.u8(port.port).u16(port.dwellMs);
      return out.done();
  }
}

function decodeByOption(data: Uint8Array): AntennaReport | null {
  const cursor = new ByteCursor(data);
  switch (cursor.u8()) {
    case antennaOption.pair:
    case antennaOption.pairAndCount: {
      const pair = { tx: cursor.u8(), rx: cursor.u8() };
      return cursor.ok ? { kind: 'pair', pair } : null;
    }
    case antennaOption.searchList: {
      const list = each(cursor, () => ({ tx: cursor.u8(), rx: cursor.u8() }));
      return list && { kind: 'search-list', list };
    }
    case antennaOption.readPower: {
      const ports = each(cursor, () => ({
        port: cursor.u8(),
        readCentiDbm: cursor.s16(),
        writeCentiDbm: null,
        settlingUs: null,
      }));
      return ports && { kind: 'read-power', ports };
    }
    case antennaOption.power: {
      const ports = each(cursor, () => ({
        port: cursor.u8(),
        readCentiDbm: cursor.s16(),
        writeCentiDbm: cursor.s16(),
        settlingUs: cursor.u16(),
      }));
      return ports && { kind: 'power', ports };
    }
    case antennaOption.sensed: {
      const ports = each(cursor, () => ({ port: cursor.u8(), sensed: cursor.u8() !== 0 }));
      return ports && { kind: 'sensed', ports };
    }
    case antennaOption.returnLoss: {
      const ports = each(cursor, () => ({ port: cursor.u8(), returnLoss: cursor.u8() }));
      return ports && { kind: 'return-loss', ports };
    }
    case antennaOption.dwell: {
      const ports = each(cursor, () => ({ port: cursor.u8(), dwellMs: cursor.u16() }));
      return ports && { kind: 'dwell', ports };
    }
    default:
      return null;
  }
}

function each<T>(cursor: ByteCursor, read: () => T): readonly T[] | null {
  const list: T[] = [];
  while (cursor.left > 0) list.push(read());
  return cursor.done ? list : null;
}
