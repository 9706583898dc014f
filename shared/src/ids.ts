import { assert } from './assert.js';
import { AppError } from './error.js';
import { type Random, randomBytes } from './random/random.js';

/**
 * External identifiers are TypeIDs: a lower-case prefix, an underscore and a UUIDv7 in 26
 * characters of Crockford's base 32 (TypeID specification 0.3, RFC 9562 section 5.7). Inside the
 * database the same identifier is the plain UUID.
 */
export type Id<Prefix extends string> = string & { readonly __prefix: Prefix };

export type TenantId = Id<'tenant'>;
export type SiteId = Id<'site'>;
export type CabinetId = Id<'cabinet'>;
export type PersonId = Id<'person'>;
export type BadgeId = Id<'badge'>;
export type AssetId = Id<'asset'>;
export type SessionId = Id<'session'>;
export type OrderId = Id<'order'>;
export type UserId = Id<'user'>;
export type RunId = Id<'run'>;

export const idPrefixes = [
  'tenant',
  'site',
  'cabinet',
  'person',
  'badge',
  'asset',
  'session',
  'order',
  'user',
  'run',
  'hold',
  'change',
  'quarantine',
  'grant',
  'rule',
  'loss',
  'case',
] as const;
export type IdPrefix = (typeof idPrefixes)[number];

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const hexDigits = '0123456789abcdef';
const noDigit = 255;
const dash = '-'.charCodeAt(0);
/** The characters of a UUID while it is put together: one text at the end, and none on the way. */
const uuidCodes: number[] = new Array<number>(36).fill(dash);
/** Values of digits by character code; 255 for what is no digit. */
const base32DigitOf = digitsOf(alphabet);
const hexDigitOf = digitsOf(hexDigits);

/** A new time-ordered identifier. `wallMs` is the current wall time in milliseconds. */
export function newId<P extends IdPrefix>(prefix: P, wallMs: number, random: Random): Id<P> {
  return idFromUuid(prefix, newUuid(wallMs, random));
}

/** A UUIDv7 in its canonical lower-case text form. */
export function newUuid(wallMs: number, random: Random): string {
  const bytes = randomBytes(random, 16);
  let time = BigInt(Math.max(0, Math.trunc(wallMs)));
  for (let i = 5; i >= 0; i--) {
    bytes[i] = Number(time & 0xffn);
    time >>= 8n;
  }
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The TypeID of a UUID. */
export function idFromUuid<P extends IdPrefix>(prefix: P, uuid: string): Id<P> {
  let suffix = '';
  // 26 digits of five bits hold 130 bits: two zero bits come first.
  let bits = 0;
  let held = 2;
  for (let i = 0; i < uuid.length; i++) {
    const digit = hexDigitOf[uuid.charCodeAt(i)] ?? noDigit;
    if (digit === noDigit) continue;
    bits = (bits << 4) | digit;
    held += 4;
    if (held < 5) continue;
    held -= 5;
    suffix += alphabet[(bits >> held) & 31] as string;
    bits &= (1 << held) - 1;
  }
  assert(suffix.length === 26, 'a TypeID is made of a lower-case UUID');
  return `${prefix}_${suffix}` as Id<P>;
}

/**
 * The UUID inside a TypeID.
 * @throws AppError `id.malformed` when the prefix differs or the suffix is no UUID.
 */
export function uuidFromId(prefix: IdPrefix, id: string): string {
  if (!isId(prefix, id)) {
    throw new AppError('id.malformed', `"${id.slice(0, 60)}" is not a ${prefix} id`, { kind: 'peer' });
  }
  let bits = 0;
  // 26 digits of five bits hold 130 bits: two zero bits come first.
  let held = -2;
  let place = 0;
  for (let i = prefix.length + 1; i < id.length; i++) {
    bits = (bits << 5) | (base32DigitOf[id.charCodeAt(i)] as number);
    held += 5;
    for (; held >= 4; bits &= (1 << held) - 1) {
      held -= 4;
      if (place === 8 || place === 13 || place === 18 || place === 23) uuidCodes[place++] = dash;
      uuidCodes[place++] = hexDigits.charCodeAt((bits >> held) & 15);
    }
  }
  return String.fromCharCode.apply(null, uuidCodes);
}

/** True when `id` is a well-formed TypeID with this prefix. */
export function isId<P extends IdPrefix>(prefix: P, id: string): id is Id<P> {
  const start = prefix.length + 1;
  if (id.length !== start + 26 || id[prefix.length] !== '_' || !id.startsWith(prefix)) return false;
  // The first of 26 digits has three bits of the 128.
  if ((id[start] as string) > '7') return false;
  for (let i = start; i < id.length; i++) if ((base32DigitOf[id.charCodeAt(i)] ?? noDigit) === noDigit) return false;
  return true;
}

function digitsOf(characters: string): Uint8Array {
  const values = new Uint8Array(128).fill(noDigit);
  for (let value = 0; value < characters.length; value++) values[characters.charCodeAt(value)] = value;
  return values;
}
