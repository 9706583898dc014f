import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { opcode } from './mercury-constants.js';
import type { MercuryRequest } from './mercury-frame.js';

const nothing = new Uint8Array(0);

/** Answer to 03, and to 04 once the application runs; the module also sends it unasked when it has restarted. */
export interface ModuleVersion {
  readonly bootloader: number;
  /** First byte names the model, see `hardwareModel`. */
  readonly hardware: number;
  /** BCD, yyyymmdd */
  readonly firmwareDate: number;
  readonly firmware: number;
  /** Bit = protocol - 1; Gen2 alone = 0x10. */
  readonly protocolMask: number;
}

export function versionRequest(): MercuryRequest {
  return { op: opcode.version, data: nothing };
}

export function versionReply(version: ModuleVersion): Uint8Array {
  return new ByteComposer()
    .u32(version.bootloader)
    .u32(version.hardware)
    .u32(version.firmwareDate)
    .u32(version.firmware)
    .u32(version.protocolMask)
    .done();
}

export function decodeVersionReply(data: Uint8Array): ModuleVersion | null {
  const cursor = new ByteCursor(data);
  const version = {
    bootloader: cursor.u32(),
    hardware: cursor.u32(),
    firmwareDate: cursor.u32(),
    firmware: cursor.u32(),
    protocolMask: cursor.u32(),
  };
  return cursor.done ? version : null;
}

/** `01.0B.01.25`, the way the maker prints the four-byte versions. */
export function versionText(word: number): string {
  const hex = word.toString(16).padStart(8, '0').toUpperCase();
  return `${hex.slice(0, 2)}.${hex.slice(2, 4)}.${hex.slice(4, 6)}.${hex.slice(6, 8)}`;
}

/** Starts the application from the boot loader; answered by the version block. */
export function bootApplicationRequest(): MercuryRequest {
  return { op: opcode.bootApplication, data: nothing };
}

export function bootBootloaderRequest(): MercuryRequest {
  return { op: opcode.bootBootloader, data: nothing };
}

export type RunningProgram = 'bootloader' | 'application' | 'unknown';

export function currentProgramRequest(): MercuryRequest {
  return { op: opcode.currentProgram, data: nothing };
}

/** `upperBits` is what the module puts into the six bits above (10 and 50 are seen). */
export function currentProgramReply(program: RunningProgram, upperBits = 0x10): Uint8Array {
  const low = program === 'bootloader' ? 1 : program === 'application' ? 2 : 0;
  return Uint8Array.of((upperBits & 0xfc) | low);
}

export function decodeCurrentProgramReply(data: Uint8Array): RunningProgram | null {
  const [byte] = data;
  if (byte === undefined || data.length !== 1) return null;
  const low = byte & 0x03;
  return low === 1 ? 'bootloader' : low === 2 ? 'application' : 'unknown';
}

export function setBaudRequest(baud: number): MercuryRequest {
  return { op: opcode.setBaud, data: new ByteComposer().u32(baud).done() };
}

/** Null also for the two-byte form that some vendor software sends (its meaning is not known). */
export function decodeSetBaudRequest(data: Uint8Array): number | null {
  const cursor = new ByteCursor(data);
  const baud = cursor.u32();
  return cursor.done ? baud : null;
}

export interface HardwareVersionRequest {
  readonly option: number;
  readonly flags: number;
}

export function hardwareVersionRequest(option = 0, flags = 0): MercuryRequest {
  return { op: opcode.hardwareVersion, data: Uint8Array.of(option, flags) };
}

export function decodeHardwareVersionRequest(data: Uint8Array): HardwareVersionRequest | null {
  const cursor = new ByteCursor(data);
  const request = { option: cursor.u8(), flags: cursor.u8() };
  return cursor.done ? request : null;
}

/** The request's two bytes again, then a block of type, length and value that the maker does not describe. */
export interface HardwareVersion extends HardwareVersionRequest {
  readonly block: Uint8Array;
}

export function hardwareVersionReply(version: HardwareVersion): Uint8Array {
  return new ByteComposer().u8(version.option).u8(version.flags).bytes(version.block).done();
}

export function decodeHardwareVersionReply(data: Uint8Array): HardwareVersion | null {
  const cursor = new ByteCursor(data);
  const version = { option: cursor.u8(), flags: cursor.u8(), block: cursor.rest().slice() };
  return cursor.done ? version : null;
}

export function temperatureRequest(): MercuryRequest {
  return { op: opcode.temperature, data: nothing };
}

/** Whole degrees Celsius, signed. */
export function temperatureReply(celsius: number): Uint8Array {
  return new ByteComposer().u8(Math.round(celsius)).done();
}

export function decodeTemperatureReply(data: Uint8Array): number | null {
  const cursor = new ByteCursor(data);
  const celsius = cursor.s8();
  return cursor.done ? celsius : null;
}

/** 0 full power ... 3 deepest saving. */
export function getPowerModeRequest(): MercuryRequest {
  return { op: opcode.getPowerMode, data: nothing };
}

export function setPowerModeRequest(mode: number): MercuryRequest {
  return { op: opcode.setPowerMode, data: Uint8Array.of(mode) };
}

/** Same bytes in the reply to 68 and in the request 98, as also for the user mode (69, 99). */
export function decodeModeByte(data: Uint8Array): number | null {
  return data.length === 1 ? (data[0] as number) : null;
}

/** Saves, restores or clears the settings that the module keeps over a restart. */
export interface ProfileRequest {
  /** 1 save, 2 restore, 3 verify, 4 clear */
  readonly action: number;
  readonly rest: Uint8Array;
}

export function profileRequest(request: ProfileRequest): MercuryRequest {
  return { op: opcode.profile, data: new ByteComposer().u8(request.action).bytes(request.rest).done() };
}

export function decodeProfileRequest(data: Uint8Array): ProfileRequest | null {
  const cursor = new ByteCursor(data);
  const request = { action: cursor.u8(), rest: cursor.rest().slice() };
  return cursor.done ? request : null;
}
