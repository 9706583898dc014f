import { fromHex, toHex } from '../../bytes/hex.js';
import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { baudCodes, command, type FrequencyBand } from './chafon-constants.js';
import type { ChafonRequest } from './chafon-frame.js';

const nothing = new Uint8Array(0);

export function readerInfoRequest(): ChafonRequest {
  return { command: command.readerInfo, data: nothing };
}

/** Answer to 21. The reader keeps these settings without power. */
export interface ReaderInfo {
  /** `0.22` */
  readonly firmware: string;
  readonly type: number;
  /** Bits of the tag protocols. */
  readonly protocols: number;
  readonly frequency: FrequencyBand;
  readonly powerDbm: number;
  /** In units of 100 ms. */
  readonly scanTime: number;
  /** Bit mask of the ports in use; null when the reader (18 family) does not tell. */
  readonly antennas: number | null;
  /** Whether the reader checks its antennas before it transmits; null when it does not tell. */
  readonly checksAntennas: boolean | null;
}

/** The 288 family sends twelve bytes, the 18 family eight. */
export function readerInfoReply(info: ReaderInfo): Uint8Array {
  const [major = 0, minor = 0] = info.firmware.split('.').map(Number);
  const out = new ByteComposer().u8(major).u8(minor).u8(info.type).u8(info.protocols);
  out.bytes(frequencyData(info.frequency)).u8(info.powerDbm).u8(info.scanTime);
  if (info.antennas !== null)
    out
      .u8(info.antennas)
      .u8(0)
      .u8(0)
      .u8(info.checksAntennas === true ? 1 : 0);
  return out.done();
}

export function decodeReaderInfoReply(data: Uint8Array): ReaderInfo | null {
  const cursor = new ByteCursor(data);
  const firmware = `${cursor.u8()}.${cursor.u8()}`;
  const type = cursor.u8();
  const protocols = cursor.u8();
  const frequency = readFrequency(cursor);
  const powerDbm = cursor.u8();
  const scanTime = cursor.u8();
  if (!cursor.ok) return null;
  const base = { firmware, type, protocols, frequency, powerDbm, scanTime };
  if (cursor.left === 0) return { ...base, antennas: null, checksAntennas: null };
  const antennas = cursor.u8();
  // Beep and the kind of output stand between.
  cursor.bytes(2);
  const checksAntennas = cursor.u8() !== 0;
  return cursor.ok ? { ...base, antennas, checksAntennas } : null;
}

function frequencyData({ band, minChannel, maxChannel }: FrequencyBand): Uint8Array {
  return Uint8Array.of(((band & 0b1100) << 4) | (maxChannel & 0x3f), ((band & 0b0011) << 6) | (minChannel & 0x3f));
}

function readFrequency(cursor: ByteCursor): FrequencyBand {
  const max = cursor.u8();
  const min = cursor.u8();
  return { band: ((max >>> 6) << 2) | (min >>> 6), minChannel: min & 0x3f, maxChannel: max & 0x3f };
}

export function setFrequencyRequest(frequency: FrequencyBand): ChafonRequest {
  return { command: command.setFrequency, data: frequencyData(frequency) };
}

export function decodeFrequencyData(data: Uint8Array): FrequencyBand | null {
  const cursor = new ByteCursor(data);
  const frequency = readFrequency(cursor);
  return cursor.done ? frequency : null;
}

/** Whole dBm, 0..30. */
export function setPowerRequest(powerDbm: number): ChafonRequest {
  return { command: command.setPower, data: Uint8Array.of(powerDbm) };
}

export function setAddressRequest(address: number): ChafonRequest {
  return { command: command.setAddress, data: Uint8Array.of(address) };
}

/** In units of 100 ms. */
export function setScanTimeRequest(scanTime: number): ChafonRequest {
  return { command: command.setScanTime, data: Uint8Array.of(scanTime) };
}

/** Null for a speed that the reader does not have. */
export function setBaudRequest(baud: number): ChafonRequest | null {
  const code = baudCodes.get(baud);
  return code === undefined ? null : { command: command.setBaud, data: Uint8Array.of(code) };
}

export function setBeepRequest(on: boolean): ChafonRequest {
  return { command: command.setBeep, data: Uint8Array.of(on ? 1 : 0) };
}

/** With it on, a port without an antenna answers F8 instead of finding nothing. */
export function setAntennaCheckRequest(on: boolean): ChafonRequest {
  return { command: command.setAntennaCheck, data: Uint8Array.of(on ? 1 : 0) };
}

export const answerMode = 0;

/** In mode 0 the reader speaks only when it is asked. */
export function setWorkModeRequest(mode: number): ChafonRequest {
  return { command: command.setWorkMode, data: Uint8Array.of(mode) };
}

export function temperatureRequest(): ChafonRequest {
  return { command: command.temperature, data: nothing };
}

/** Sign (0 minus, 1 plus), then whole degrees Celsius. */
export function temperatureReply(celsius: number): Uint8Array {
  return Uint8Array.of(celsius < 0 ? 0 : 1, Math.abs(Math.round(celsius)));
}

export function decodeTemperatureReply(data: Uint8Array): number | null {
  const cursor = new ByteCursor(data);
  const isPlus = cursor.u8() !== 0;
  const degrees = cursor.u8();
  if (!cursor.done) return null;
  return isPlus || degrees === 0 ? degrees : -degrees;
}

/** Commands that carry one byte: 24, 25, 28, 2F, 40, 66 and 76. */
export function decodeByteData(data: Uint8Array): number | null {
  return data.length === 1 ? (data[0] as number) : null;
}

/** Any 18: everything that its antenna hears, without further settings. */
export function inventory18Request(): ChafonRequest {
  return { command: command.inventory, data: nothing };
}

export interface Inventory288Setting {
  /** 2^q slots; 0..15 */
  readonly q: number;
  /** 0..3, Gen2 session */
  readonly session: number;
  /** 0 = A, 1 = B */
  readonly target: number;
  /** 1-based port. */
  readonly antenna: number;
  /** At most so many units of 100 ms. */
  readonly scanTime: number;
}

/** One search on one port, without a mask. */
export function inventory288Request(setting: Inventory288Setting): ChafonRequest {
  const data = new ByteComposer()
    .u8(setting.q)
    .u8(setting.session)
    // Mask: EPC bank, bit address 0, no bits.
    .u8(1)
    .u16(0)
    .u8(0)
    .u8(setting.target)
    .u8(firstPort + setting.antenna - 1)
    .u8(setting.scanTime)
    .done();
  return { command: command.inventory, data };
}

const firstPort = 0x80;

/** Q and session, the mask, then optionally target, port and time; null without a meaning. */
export function decodeInventory288Request(data: Uint8Array): Inventory288Setting | null {
  const cursor = new ByteCursor(data);
  const q = cursor.u8() & 0x0f;
  const session = cursor.u8();
  cursor.u8();
  cursor.u16();
  const maskBits = cursor.u8();
  cursor.bytes(Math.ceil(maskBits / 8));
  const target = cursor.u8();
  const port = cursor.u8();
  const scanTime = cursor.u8();
  if (!cursor.done || port < firstPort || port > firstPort + 15) return null;
  return { q, session, target, antenna: port - firstPort + 1, scanTime };
}

/** One tag of an inventory. */
export interface ChafonTag {
  /** Upper-case hex. */
  readonly epc: string;
  /** A number of the device, the larger the stronger; null from the 18 family, which has none. */
  readonly rssiRaw: number | null;
}

export interface Inventory288 {
  /** 1-based ports whose bits are set; one in every answer that was seen. */
  readonly antennas: readonly number[];
  readonly tags: readonly ChafonTag[];
}

export function inventory288Reply(antenna: number, tags: readonly ChafonTag[]): Uint8Array {
  const out = new ByteComposer().u8(1 << (antenna - 1)).u8(tags.length);
  for (const { epc, rssiRaw } of tags)
    out
      .u8(epc.length / 2)
      .bytes(fromHex(epc))
      .u8(rssiRaw ?? 0);
  return out.done();
}

/** Port mask, count, then (length, EPC, RSSI) for each tag. Null when the counts do not fit. */
export function decodeInventory288Reply(data: Uint8Array): Inventory288 | null {
  const cursor = new ByteCursor(data);
  const mask = cursor.u8();
  const count = cursor.u8();
  const tags: ChafonTag[] = [];
  for (let i = 0; i < count && cursor.ok; i++) {
    const epc = toHex(cursor.bytes(cursor.u8()));
    tags.push({ epc, rssiRaw: cursor.u8() });
  }
  if (!cursor.done) return null;
  return { antennas: [1, 2, 3, 4, 5, 6, 7, 8].filter((port) => (mask & (1 << (port - 1))) !== 0), tags };
}

export function inventory18Reply(epcs: readonly string[]): Uint8Array {
  const out = new ByteComposer().u8(epcs.length);
  for (const epc of epcs) out.u8(epc.length / 2).bytes(fromHex(epc));
  return out.done();
}

/** Count, then (length, EPC) for each tag. Null when the counts do not fit. */
export function decodeInventory18Reply(data: Uint8Array): readonly ChafonTag[] | null {
  const cursor = new ByteCursor(data);
  const count = cursor.u8();
  const tags: ChafonTag[] = [];
  for (let i = 0; i < count && cursor.ok; i++) {
    tags.push({ epc: toHex(cursor.bytes(cursor.u8())), rssiRaw: null });
  }
  return cursor.done ? tags : null;
}
