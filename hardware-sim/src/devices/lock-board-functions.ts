import {
  bitsReply,
  decodeModbusRequest,
  exceptionReply,
  type ModbusRequest,
  registersReply,
  writtenReply,
} from '@tagtrail/shared/protocol/modbus/modbus-commands.js';
import {
  allCoilsAddress,
  coilValue,
  modbusException,
  modbusFunction,
  pulseOffAddress,
  pulseOnAddress,
  pulseStepMs,
  relayMode,
  relayModeAddress,
} from '@tagtrail/shared/protocol/modbus/modbus-constants.js';
import type { ModbusFrame } from '@tagtrail/shared/protocol/modbus/modbus-frame.js';
import type { RelayBank } from './relay-bank.js';

export interface Board {
  readonly relays: RelayBank;
  /** What a change of an input does to the relay of the same channel: one of `relayMode`. */
  readonly modes: number[];
  readonly channels: number;
  readonly input: (channel: number) => boolean;
}

/** What a request leads to: a list of bits or registers, nothing but the echo, or the reason why not. */
type Result =
  | { readonly kind: 'bits'; readonly bits: readonly boolean[] }
  | { readonly kind: 'registers'; readonly values: readonly number[] }
  | { readonly kind: 'written' }
  | { readonly kind: 'refused'; readonly exception: number };

const written: Result = { kind: 'written' };
const knownFunctions: readonly number[] = Object.values(modbusFunction);
/** Longest time that a board can count, in its steps. */
const longestPulse = 0x7fff;

/**
 * Carries out one request as relay boards of the Waveshare kind do, and gives the answer or an
 * exception (Modbus application protocol 1.1b3, section 7).
 */
export function answerRequest(frame: ModbusFrame, board: Board): ModbusFrame {
  if (!knownFunctions.includes(frame.function)) return exceptionReply(frame, modbusException.illegalFunction);
  const request = decodeModbusRequest(frame);
  if (request === null) return exceptionReply(frame, modbusException.illegalValue);
  const result = carryOut(request, board);
  switch (result.kind) {
    case 'bits':
      return bitsReply(frame, result.bits);
    case 'registers':
      return registersReply(frame, result.values);
    case 'written':
      return writtenReply(frame);
    case 'refused':
      return exceptionReply(frame, result.exception);
  }
}

function carryOut(request: ModbusRequest, board: Board): Result {
  switch (request.kind) {
    case 'read-coils':
      return readBits(request, board, board.relays.isOn);
    case 'read-inputs':
      return readBits(request, board, board.input);
    case 'read-registers':
      return readModes(request, board);
    case 'write-coil':
      return writeCoil(request, board);
    case 'write-coils':
      return writeCoils(request, board);
    case 'write-register':
      return writeMode(request, board);
  }
}

interface Range {
  readonly address: number;
  readonly count: number;
}

interface Value {
  readonly address: number;
  readonly value: number;
}

function readBits({ address, count }: Range, board: Board, bit: (channel: number) => boolean): Result {
  if (count < 1 || count > 2000) return refused('illegalValue');
  if (address + count > board.channels) return refused('illegalAddress');
  return { kind: 'bits', bits: Array.from({ length: count }, (_, i) => bit(address + i)) };
}

function readModes({ address, count }: Range, { modes, channels }: Board): Result {
  const first = address - relayModeAddress;
  if (count < 1 || count > 125) return refused('illegalValue');
  if (first < 0 || first + count > channels) return refused('illegalAddress');
  return { kind: 'registers', values: modes.slice(first, first + count) };
}

/** One coil, all coils, or a pulse that the board times itself. */
function writeCoil({ address, value }: Value, { relays, channels }: Board): Result {
  const channel = address & 0xff;
  const base = address - channel;
  if (base === pulseOnAddress || base === pulseOffAddress) {
    if (channel >= channels) return refused('illegalAddress');
    if (value < 1 || value > longestPulse) return refused('illegalValue');
    relays.pulse(channel, base === pulseOnAddress, value * pulseStepMs);
    return written;
  }
  if (address !== allCoilsAddress && address >= channels) return refused('illegalAddress');
  const first = address === allCoilsAddress ? 0 : address;
  const last = address === allCoilsAddress ? channels - 1 : address;
  if (value !== coilValue.on && value !== coilValue.off && value !== coilValue.toggle) return refused('illegalValue');
  for (let coil = first; coil <= last; coil++) {
    relays.set(coil, value === coilValue.toggle ? !relays.isOn(coil) : value === coilValue.on);
  }
  return written;
}

function writeCoils(request: { address: number; bits: readonly boolean[] }, { relays, channels }: Board): Result {
  const { address, bits } = request;
  if (bits.length < 1) return refused('illegalValue');
  if (address + bits.length > channels) return refused('illegalAddress');
  for (const [i, on] of bits.entries()) relays.set(address + i, on);
  return written;
}

function writeMode({ address, value }: Value, { modes, channels }: Board): Result {
  const channel = address - relayModeAddress;
  if (channel < 0 || channel >= channels) return refused('illegalAddress');
  if (!Object.values<number>(relayMode).includes(value)) return refused('illegalValue');
  modes[channel] = value;
  return written;
}

function refused(reason: keyof typeof modbusException): Result {
  return { kind: 'refused', exception: modbusException[reason] };
}

/** What a changed input does to the relay of its channel: its new state, or nothing. */
export function relayAfterInput(mode: number, input: boolean, relay: boolean): boolean | undefined {
  if (mode === relayMode.follow) return input;
  if (mode === relayMode.toggle) return input ? !relay : undefined;
  if (mode === relayMode.edge) return !relay;
  return undefined;
}
