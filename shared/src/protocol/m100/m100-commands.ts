import { fromHex, toHex } from '../../bytes/hex.js';
import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { tagCrc } from '../mercury/mercury-crc.js';
import { command, errorCode, frameType } from './m100-constants.js';
import type { M100Frame, M100Request } from './m100-frame.js';

const nothing = new Uint8Array(0);

function request(code: number, params: Uint8Array = nothing): M100Request {
  return { command: code, params };
}

export type ModuleText = 'hardware' | 'software' | 'maker';

const moduleTexts: readonly ModuleText[] = ['hardware', 'software', 'maker'];

export function infoRequest(which: ModuleText): M100Request {
  return request(command.info, Uint8Array.of(moduleTexts.indexOf(which)));
}

export function decodeInfoRequest(params: Uint8Array): ModuleText | null {
  return params.length === 1 ? (moduleTexts[params[0] as number] ?? null) : null;
}

export function infoReply(which: ModuleText, text: string): Uint8Array {
  const letters = [...text].map((letter) => letter.charCodeAt(0));
  return new ByteComposer().u8(moduleTexts.indexOf(which)).bytes(letters).done();
}

/** The text with anything but printable ASCII left out. */
export function decodeInfoReply(params: Uint8Array): { readonly which: ModuleText; readonly text: string } | null {
  const which = moduleTexts[params[0] ?? -1];
  if (which === undefined) return null;
  const letters = [...params.subarray(1)].filter((byte) => byte >= 0x20 && byte < 0x7f);
  return { which, text: String.fromCharCode(...letters) };
}

export function setRegionRequest(code: number): M100Request {
  return request(command.setRegion, Uint8Array.of(code));
}

/** Units of 0.01 dBm. */
export function setPowerRequest(centiDbm: number): M100Request {
  return request(command.setPower, new ByteComposer().u16(centiDbm).done());
}

export function getPowerRequest(): M100Request {
  return request(command.getPower);
}

export function decodePower(params: Uint8Array): number | null {
  const cursor = new ByteCursor(params);
  const centiDbm = cursor.s16();
  return cursor.done ? centiDbm : null;
}

export function setHoppingRequest(on: boolean): M100Request {
  return request(command.setHopping, Uint8Array.of(on ? 0xff : 0x00));
}

export function setSelectModeRequest(mode: number): M100Request {
  return request(command.setSelectMode, Uint8Array.of(mode));
}

/** What the module asks tags with; the defaults of the maker are DR 8, M 1, pilot on, all tags. */
export interface Query {
  readonly dr: number;
  readonly m: number;
  readonly trext: number;
  readonly sel: number;
  /** 0..3 */
  readonly session: number;
  readonly target: 'A' | 'B';
  /** 0..15 */
  readonly q: number;
}

export const usualQuery: Query = { dr: 0, m: 0, trext: 1, sel: 0, session: 0, target: 'A', q: 4 };

/** From the top: DR 1 bit, M 2, TRext 1, Sel 2, Session 2, Target 1, Q 4, three spare. */
export function queryWord(query: Query): number {
  const { dr, m, trext, sel, session, target, q } = query;
  const high = (dr << 15) | (m << 13) | (trext << 12) | (sel << 10) | (session << 8);
  return high | ((target === 'B' ? 1 : 0) << 7) | (q << 3);
}

export function decodeQuery(params: Uint8Array): Query | null {
  const cursor = new ByteCursor(params);
  const word = cursor.u16();
  if (!cursor.done) return null;
  return {
    dr: (word >>> 15) & 1,
    m: (word >>> 13) & 3,
    trext: (word >>> 12) & 1,
    sel: (word >>> 10) & 3,
    session: (word >>> 8) & 3,
    target: (word >>> 7) & 1 ? 'B' : 'A',
    q: (word >>> 3) & 0x0f,
  };
}

export function setQueryRequest(query: Query): M100Request {
  return request(command.setQuery, new ByteComposer().u16(queryWord(query)).done());
}

/** One round. */
export function inventoryRequest(): M100Request {
  return request(command.inventory);
}

/** Many rounds, at most 65535, until they are done or stopped. */
export function multiInventoryRequest(rounds: number): M100Request {
  return request(command.multiInventory, new ByteComposer().u8(command.inventory).u16(rounds).done());
}

export function decodeMultiInventoryRequest(params: Uint8Array): number | null {
  const cursor = new ByteCursor(params);
  const what = cursor.u8();
  const rounds = cursor.u16();
  return cursor.done && what === command.inventory ? rounds : null;
}

export function stopMultiInventoryRequest(): M100Request {
  return request(command.stopMultiInventory);
}

/** Takes effect after the reply, which still comes at the old speed. */
export function setBaudRequest(baud: number): M100Request {
  return request(command.setBaud, new ByteComposer().u16(Math.round(baud / 100)).done());
}

export function decodeSetBaudRequest(params: Uint8Array): number | null {
  const cursor = new ByteCursor(params);
  const hundreds = cursor.u16();
  return cursor.done ? hundreds * 100 : null;
}

export interface M100Tag {
  readonly rssiDbm: number;
  /** Protocol control word. */
  readonly pc: number;
  /** Upper-case hex. */
  readonly epc: string;
  readonly epcCrc: number;
  /** False when the CRC that came from the tag does not fit PC and EPC. */
  readonly epcCrcValid: boolean;
}

export function tagNotice({ rssiDbm, epc }: Pick<M100Tag, 'rssiDbm' | 'epc'>): M100Frame {
  const covered = new ByteComposer()
    .u16((epc.length / 4) << 11)
    .bytes(fromHex(epc))
    .done();
  const params = new ByteComposer().u8(Math.round(rssiDbm)).bytes(covered).u16(tagCrc(covered)).done();
  return { type: frameType.notice, command: command.inventory, params };
}

/** RSSI, PC, EPC, EPC CRC; the length of the EPC follows from the length of the whole. */
export function decodeTagNotice(params: Uint8Array): M100Tag | null {
  if (params.length < 5) return null;
  const cursor = new ByteCursor(params);
  const rssiDbm = cursor.s8();
  const pc = cursor.u16();
  const epc = toHex(cursor.bytes(params.length - 5));
  const epcCrc = cursor.u16();
  const epcCrcValid = tagCrc(params, 1, params.length - 2) === epcCrc;
  return cursor.done ? { rssiDbm, pc, epc, epcCrc, epcCrcValid } : null;
}

/** Why a command failed, and the tag that refused it, if one did. */
export interface M100Error {
  readonly code: number;
  readonly pc: number | null;
  /** Upper-case hex. */
  readonly epc: string | null;
}

export function errorReply(code: number): M100Frame {
  return { type: frameType.reply, command: command.error, params: Uint8Array.of(code) };
}

export function decodeErrorReply(params: Uint8Array): M100Error | null {
  const cursor = new ByteCursor(params);
  const code = cursor.u8();
  if (!cursor.ok) return null;
  if (cursor.left === 0) return { code, pc: null, epc: null };
  const length = cursor.u8();
  const pc = cursor.u16();
  const epc = toHex(cursor.bytes(length - 2));
  return cursor.done ? { code, pc, epc } : null;
}

/** What a module sends while it reads. */
export type InventoryReport =
  | { readonly kind: 'tag'; readonly tag: M100Tag }
  /** A round that found no tag. */
  | { readonly kind: 'no-tag' }
  | { readonly kind: 'problem'; readonly code: number }
  | { readonly kind: 'malformed' };

/** The meaning of a notice or of an error that came unasked; null when the frame is something else. */
export function decodeReport(frame: M100Frame): InventoryReport | null {
  if (frame.type === frameType.notice && frame.command === command.inventory) {
    const tag = decodeTagNotice(frame.params);
    return tag === null ? { kind: 'malformed' } : { kind: 'tag', tag };
  }
  if (frame.type !== frameType.reply || frame.command !== command.error) return null;
  const error = decodeErrorReply(frame.params);
  if (error === null) return { kind: 'malformed' };
  return error.code === errorCode.noTag ? { kind: 'no-tag' } : { kind: 'problem', code: error.code };
}
