import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { opcode } from './mercury-constants.js';
import type { MercuryRequest } from './mercury-frame.js';

/** Option 01 of command 66: every pin with its direction and level. */
const allPins = 0x01;

export interface GpioPin {
  readonly pin: number;
  readonly output: boolean;
  readonly high: boolean;
}

export function getGpioRequest(): MercuryRequest {
  return { op: opcode.getGpio, data: Uint8Array.of(allPins) };
}

export function gpioReply(pins: readonly GpioPin[]): Uint8Array {
  const out = new ByteComposer().u8(allPins);
  for (const pin of pins)
    out
      .u8(pin.pin)
      .u8(pin.output ? 1 : 0)
      .u8(pin.high ? 1 : 0);
  return out.done();
}

export function decodeGpioReply(data: Uint8Array): readonly GpioPin[] | null {
  const cursor = new ByteCursor(data);
  if (cursor.u8() !== allPins) return null;
  const pins: GpioPin[] = [];
  while (cursor.left > 0) pins.push({ pin: cursor.u8(), output: cursor.u8() !== 0, high: cursor.u8() !== 0 });
  return cursor.done ? pins : null;
}

/**
 * The three forms of command 96: ask the direction of a pin, set a level, set direction and level.
 */
export type SetGpioRequest =
  | { readonly kind: 'direction'; readonly pin: number }
  | { readonly kind: 'level'; readonly pin: number; readonly high: boolean }
  | { readonly kind: 'configure'; readonly pin: number; readonly output: boolean; readonly high: boolean };

export function setGpioRequest(request: SetGpioRequest): MercuryRequest {
  return { op: opcode.setGpio, data: setGpioData(request) };
}

function setGpioData(request: SetGpioRequest): Uint8Array {
  if (request.kind === 'direction') return Uint8Array.of(request.pin);
  const high = request.high ? 1 : 0;
  if (request.kind === 'level') return Uint8Array.of(request.pin, high);
  return Uint8Array.of(1, request.pin, request.output ? 1 : 0, high);
}

export function decodeSetGpioRequest(data: Uint8Array): SetGpioRequest | null {
  const cursor = new ByteCursor(data);
  const first = cursor.u8();
  if (data.length === 1) return { kind: 'direction', pin: first };
  if (data.length === 2) return { kind: 'level', pin: first, high: cursor.u8() !== 0 };
  if (data.length !== 4 || first !== 1) return null;
  return { kind: 'configure', pin: cursor.u8(), output: cursor.u8() !== 0, high: cursor.u8() !== 0 };
}

/** Answer to the `direction` form: `pin isOutput`. */
export function pinDirectionReply(pin: number, output: boolean): Uint8Array {
  return Uint8Array.of(pin, output ? 1 : 0);
}

export function decodePinDirectionReply(data: Uint8Array): { pin: number; output: boolean } | null {
  const cursor = new ByteCursor(data);
  const reply = { pin: cursor.u8(), output: cursor.u8() !== 0 };
  return cursor.done ? reply : null;
}
