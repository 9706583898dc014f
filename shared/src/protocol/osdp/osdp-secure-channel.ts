import { macBytes, securityType } from './osdp-constants.js';
import { encodeOsdp, type OsdpFrame, type OsdpFrameParts } from './osdp-frame.js';

/*
 * The secure channel (OSDP 2.2 annex D, protocols.md section 4.3). Pure: AES of one block is passed in.
 */

/** AES-128 of single blocks of 16 bytes. */
export interface Aes128 {
  encrypt(key: Uint8Array, block: Uint8Array): Uint8Array;
  decrypt(key: Uint8Array, block: Uint8Array): Uint8Array;
}

export interface OsdpKeys {
  readonly encryption: Uint8Array;
  readonly mac1: Uint8Array;
  readonly mac2: Uint8Array;
}

const blockBytes = 16;
const paddingStart = 0x80;

/** The keys of one connection, from the base key (SCBK) and the panel's eight random bytes. */
export function osdpKeys(aes: Aes128, baseKey: Uint8Array, panelRandom: Uint8Array): OsdpKeys {
  const derive = (first: number, second: number): Uint8Array => {
    const block = new Uint8Array(blockBytes);
    block.set([first, second, ...panelRandom.subarray(0, 6)]);
    return aes.encrypt(baseKey, block);
  };
  return { encryption: derive(0x01, 0x82), mac1: derive(0x01, 0x01), mac2: derive(0x01, 0x02) };
}

/** What the reader proves with; the panel's proof has the random numbers the other way round. */
export function osdpCryptogram(aes: Aes128, keys: OsdpKeys, randoms: readonly [Uint8Array, Uint8Array]): Uint8Array {
  return aes.encrypt(keys.encryption, Uint8Array.from([...randoms[0], ...randoms[1]]));
}

/** The MAC that the chain begins with. */
export function initialMac(aes: Aes128, keys: OsdpKeys, serverCryptogram: Uint8Array): Uint8Array {
  return aes.encrypt(keys.mac2, aes.encrypt(keys.mac1, serverCryptogram));
}

/** MAC of 16 bytes: CBC, the last block with the second key, `iv` the other side's latest MAC. */
export function osdpMac(aes: Aes128, keys: OsdpKeys, { covered, iv }: { covered: Uint8Array; iv: Uint8Array }) {
  const padded = covered.length % blockBytes === 0 && covered.length > 0 ? covered : pad(covered);
  let mac: Uint8Array = iv;
  for (let at = 0; at < padded.length; at += blockBytes) {
    const isLast = at + blockBytes >= padded.length;
    mac = aes.encrypt(isLast ? keys.mac2 : keys.mac1, xor(padded.subarray(at, at + blockBytes), mac));
  }
  return mac;
}

export function encryptOsdpData(aes: Aes128, keys: OsdpKeys, { data, iv }: { data: Uint8Array; iv: Uint8Array }) {
  const padded = pad(data);
  let last = complement(iv);
  for (let at = 0; at < padded.length; at += blockBytes) {
    last = aes.encrypt(keys.encryption, xor(padded.subarray(at, at + blockBytes), last));
    padded.set(last, at);
  }
  return padded;
}

/** Null when the data is no whole number of blocks or its padding is wrong. */
export function decryptOsdpData(
  aes: Aes128,
  keys: OsdpKeys,
  { data, iv }: { data: Uint8Array; iv: Uint8Array },
): Uint8Array | null {
  if (data.length === 0 || data.length % blockBytes !== 0) return null;
  const plain = new Uint8Array(data.length);
  let last = complement(iv);
  for (let at = 0; at < data.length; at += blockBytes) {
    const block = data.subarray(at, at + blockBytes);
    plain.set(xor(aes.decrypt(keys.encryption, block), last), at);
    last = block;
  }
  let end = plain.length - 1;
  while (end > 0 && plain[end] === 0) end--;
  return plain[end] === paddingStart ? plain.slice(0, end) : null;
}

function pad(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(data.length / blockBytes) + 1) * blockBytes);
  padded.set(data);
  padded[data.length] = paddingStart;
  return padded;
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] as number));
}

function complement(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => ~byte & 0xff);
}

/** One end of an established channel. */
export interface OsdpChannel {
  readonly keys: OsdpKeys;
  /** The latest MAC of this end and of the other one. */
  readonly sent: Uint8Array;
  readonly received: Uint8Array;
}

export interface SealedFrame {
  readonly bytes: Uint8Array;
  readonly channel: OsdpChannel;
}

/** A frame with its MAC, and encrypted when it has data. */
export function sealOsdp(aes: Aes128, channel: OsdpChannel, parts: Omit<OsdpFrameParts, 'security'>): SealedFrame {
  const { keys, received: iv } = channel;
  const isPlain = parts.data.length === 0;
  const { commandMac, commandEncrypted, replyMac, replyEncrypted } = securityType;
  const type = parts.reply ? (isPlain ? replyMac : replyEncrypted) : isPlain ? commandMac : commandEncrypted;
  const data = isPlain ? parts.data : encryptOsdpData(aes, keys, { data: parts.data, iv });
  let sent = channel.sent;
  const bytes = encodeOsdp({ ...parts, data, security: { type, data: new Uint8Array(0) } }, (covered) => {
    sent = osdpMac(aes, keys, { covered, iv });
    return sent;
  });
  return { bytes, channel: { ...channel, sent } };
}

export interface OpenedFrame {
  readonly data: Uint8Array;
  readonly channel: OsdpChannel;
}

/** The data of a frame from the other end; null when its MAC or its padding is wrong, or it has none. */
export function openOsdp(aes: Aes128, channel: OsdpChannel, frame: OsdpFrame): OpenedFrame | null {
  if (frame.mac === null || frame.security === null) return null;
  const { keys, sent: iv } = channel;
  const received = osdpMac(aes, keys, { covered: frame.covered, iv });
  let difference = 0;
  for (let i = 0; i < macBytes; i++) difference |= (received[i] as number) ^ (frame.mac[i] as number);
  if (difference !== 0) return null;
  const { commandEncrypted, replyEncrypted, commandMac, replyMac } = securityType;
  const { type } = frame.security;
  if (type !== (frame.reply ? replyMac : commandMac) && type !== (frame.reply ? replyEncrypted : commandEncrypted)) {
    return null;
  }
  const isEncrypted = type === commandEncrypted || type === replyEncrypted;
  const data = isEncrypted ? decryptOsdpData(aes, keys, { data: frame.data, iv }) : frame.data;
  return data === null ? null : { data, channel: { ...channel, received } };
}
