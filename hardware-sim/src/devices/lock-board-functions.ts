import type { RelayBank } from './relay-bank.js';

/** What a change of an input does: 0 nothing, 1 the relay follows it, 2 its rise toggles, 3 every edge toggles. */
export type InputMode = 0 | 1 | 2 | 3;

export interface BoardState {
  mode(channel: number): InputMode;
  setMode(channel: number, mode: InputMode): void;
  reset(): void;
}

export function createBoardState(channels: number): BoardState {
  const modes: InputMode[] = Array.from({ length: channels }, () => 0);
  return {
    mode: (channel) => modes[channel] ?? 0,
    setMode: (channel, mode) => {
      modes[channel] = mode;
    },
    reset: () => {
      modes.fill(0);
    },
  };
}

export interface Board {
  readonly relays: RelayBank;
  readonly state: BoardState;
  readonly channels: number;
  readonly input: (channel: number) => boolean;
}

const illegalFunction = 1;
const illegalAddress = 2;
const illegalValue = 3;

const modeRegisters = 0x1000;
const pulseOn = 0x0200;
const pulseOff = 0x0400;
const allCoils = 0x00ff;
const pulseUnitMs = 100;
const longestPulse = 0x7fff;

/**
 * Carries out one request (function and data, no unit, no CRC) as relay boards of the Waveshare
 * kind do, and gives the answer or an exception (Modbus application protocol 1.1b3, section 7).
 */
export function answerRequest(pdu: Uint8Array, board: Board): Uint8Array {
  const code = pdu[0] as number;
  const address = word(pdu, 1);
  const value = word(pdu, 3);
  if (code === 0x01) return bits(code, address, { count: value, board, bit: board.relays.isOn });
  if (code === 0x02) return bits(code, address, { count: value, board, bit: board.input });
  if (code === 0x03) return readModes(address, value, board);
  if (code === 0x05) return writeCoil(pdu, board);
  if (code === 0x06) return writeMode(pdu, board);
  if (code === 0x0f) return writeCoils(pdu, board);
  return exception(code, illegalFunction);
}

interface BitRange {
  readonly count: number;
  readonly board: Board;
  readonly bit: (channel: number) => boolean;
}

function bits(code: number, address: number, { count, board, bit }: BitRange): Uint8Array {
  if (count < 1 || count > 2000) return exception(code, illegalValue);
  if (address + count > board.channels) return exception(code, illegalAddress);
  const bytes = Math.ceil(count / 8);
  const reply = new Uint8Array(2 + bytes);
  reply[0] = code;
  reply[1] = bytes;
  for (let i = 0; i < count; i++) {
    if (bit(address + i)) reply[2 + (i >> 3)] = (reply[2 + (i >> 3)] as number) | (1 << (i & 7));
  }
  return reply;
}

function readModes(address: number, count: number, board: Board): Uint8Array {
  if (count < 1 || count > 125) return exception(0x03, illegalValue);
  const first = address - modeRegisters;
  if (first < 0 || first + count > board.channels) return exception(0x03, illegalAddress);
  const reply = new Uint8Array(2 + 2 * count);
  reply[0] = 0x03;
  reply[1] = 2 * count;
  for (let i = 0; i < count; i++) reply[3 + 2 * i] = board.state.mode(first + i);
  return reply;
}

/** FC05: one coil, all coils (00FF), or a pulse that the board times itself (0200+channel, 0400+channel). */
function writeCoil(pdu: Uint8Array, { relays, channels }: Board): Uint8Array {
  const address = word(pdu, 1);
  const value = word(pdu, 3);
  const channel = address & 0xff;
  const base = address - channel;
  if (base === pulseOn || base === pulseOff) {
    if (channel >= channels) return exception(0x05, illegalAddress);
    if (value < 1 || value > longestPulse) return exception(0x05, illegalValue);
    relays.pulse(channel, base === pulseOn, value * pulseUnitMs);
    return pdu;
  }
  const targets = address === allCoils ? Array.from({ length: channels }, (_, i) => i) : [address];
  if (address !== allCoils && address >= channels) return exception(0x05, illegalAddress);
  if (value !== 0xff00 && value !== 0x0000 && value !== 0x5500) return exception(0x05, illegalValue);
  for (const target of targets) relays.set(target, value === 0x5500 ? !relays.isOn(target) : value === 0xff00);
  return pdu;
}

function writeMode(pdu: Uint8Array, { state, channels }: Board): Uint8Array {
  const channel = word(pdu, 1) - modeRegisters;
  const mode = word(pdu, 3);
  if (channel < 0 || channel >= channels) return exception(0x06, illegalAddress);
  if (mode !== 0 && mode !== 1 && mode !== 2 && mode !== 3) return exception(0x06, illegalValue);
  state.setMode(channel, mode);
  return pdu;
}

function writeCoils(pdu: Uint8Array, { relays, channels }: Board): Uint8Array {
  const address = word(pdu, 1);
  const count = word(pdu, 3);
  if (count < 1 || count > 1968 || pdu[5] !== Math.ceil(count / 8)) return exception(0x0f, illegalValue);
  if (address + count > channels) return exception(0x0f, illegalAddress);
  for (let i = 0; i < count; i++) relays.set(address + i, (((pdu[6 + (i >> 3)] as number) >> (i & 7)) & 1) === 1);
  return pdu.slice(0, 5);
}

function exception(code: number, reason: number): Uint8Array {
  return Uint8Array.of(code | 0x80, reason);
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
