/** A card as the reader sends it (reply 50): the bits from the left, most significant first. */
export interface OsdpRawCard {
  readonly reader: number;
  readonly format: number;
  readonly bits: number;
  readonly data: Uint8Array;
}

/** Null when the data is not as long as its bit count says. */
export function decodeRawCard(data: Uint8Array): OsdpRawCard | null {
  if (data.length < 4) return null;
  const bits = (data[2] as number) | ((data[3] as number) << 8);
  if (bits === 0 || data.length !== 4 + Math.ceil(bits / 8)) return null;
  return { reader: data[0] as number, format: data[1] as number, bits, data: data.slice(4) };
}

export function encodeRawCard({ reader, format, bits, data }: OsdpRawCard): Uint8Array {
  return Uint8Array.from([reader, format, bits & 0xff, bits >>> 8, ...data]);
}

/**
 * The bits of a card as one number in upper-case hex of `digits` digits; null when it has more
 * digits, because cutting it could merge two badges.
 */
export function rawCardNumber({ bits, data }: OsdpRawCard, digits: number): string | null {
  let value = 0n;
  for (const byte of data) value = (value << 8n) | BigInt(byte);
  const hex = (value >> BigInt(data.length * 8 - bits)).toString(16).toUpperCase();
  return hex.length > digits ? null : hex.padStart(digits, '0');
}

/** Reply 48: somebody opened the reader, or its power fails. Null when it is too short. */
export function decodeLocalStatus(data: Uint8Array): { readonly tamper: boolean; readonly power: boolean } | null {
  if (data.length < 2) return null;
  return { tamper: data[0] !== 0, power: data[1] !== 0 };
}

export const ledColour = { off: 0, red: 1, green: 2, amber: 3 } as const;

/** Command 69 with one record: LED 0 of reader 0 shows `colour` for `forMs`, then what it showed before. */
export function ledFor(colour: number, forMs: number): Uint8Array {
  const count = Math.max(1, Math.round(forMs / 100));
  const setTemporary = 2;
  const leavePermanent = 0;
  return Uint8Array.from([
    ...[0, 0, setTemporary, count & 0xff, 0, colour, ledColour.off, count & 0xff, count >>> 8],
    ...[leavePermanent, 0, 0, 0, 0],
  ]);
}

/** Command 6A: `times` tones of `onMs` with the same pause between them. */
export function buzz(times: number, onMs: number): Uint8Array {
  const count = Math.max(1, Math.round(onMs / 100)) & 0xff;
  const defaultTone = 2;
  return Uint8Array.from([0, defaultTone, count, count, times]);
}

/** Reply 45: maker, model, version, serial number, firmware. Null when it is not twelve bytes. */
export function decodeOsdpIdentity(
  data: Uint8Array,
): { readonly maker: string; readonly model: number; readonly serial: number; readonly firmware: string } | null {
  if (data.length !== 12) return null;
  const byte = (at: number): number => data[at] as number;
  return {
    maker: [0, 1, 2].map((at) => byte(at).toString(16).padStart(2, '0').toUpperCase()).join(''),
    model: byte(3),
    serial: (byte(5) | (byte(6) << 8) | (byte(7) << 16) | (byte(8) << 24)) >>> 0,
    firmware: `${byte(9)}.${byte(10)}.${byte(11)}`,
  };
}

const secureChannelBaseKey = 1;
const keyBytes = 16;

/** Command 75: from the next handshake on the reader's key is this one (SCBK, 16 bytes). Only ever over a secure channel. */
export function keySet(key: Uint8Array): Uint8Array {
  return Uint8Array.from([secureChannelBaseKey, keyBytes, ...key]);
}

/** The key of a command 75; null when it is of another kind or length. */
export function decodeKeySet(data: Uint8Array): Uint8Array | null {
  const isKey = data[0] === secureChannelBaseKey && data[1] === keyBytes && data.length === 2 + keyBytes;
  return isKey ? data.slice(2) : null;
}
