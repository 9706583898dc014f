import { base64OfBytes, bytesOfBase64 } from '../bytes/base64.js';
import { utf8Bytes } from '../bytes/utf8.js';
import type { Hashing, SignEd25519, VerifyEd25519 } from './hashing.js';
import { equalBytes } from './merkle.js';

/**
 * C2SP signed-note: a text, an empty line, and lines "— name base64(key id || signature)". A key
 * id is the first 4 bytes of SHA-256(name || 0x0A || type || public key).
 */
export const noteKeyTypes = { ed25519: 0x01, cosignature: 0x04 } as const;
export type NoteKeyType = (typeof noteKeyTypes)[keyof typeof noteKeyTypes];

export interface NoteKey {
  readonly name: string;
  readonly type: NoteKeyType;
  /** Raw Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 4 bytes. */
  readonly id: Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** Without the key id. */
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** Ends with a line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const emDash = '\u2014';
/** The most signature lines that are looked at. */
const signaturesAtMost = 1000;

export function noteKey(hashing: Pick<Hashing, 'sha256'>, key: Omit<NoteKey, 'id'>): NoteKey {
  const name = utf8Bytes(`${key.name}\n`);
  const bytes = new Uint8Array(name.length + 1 + key.publicKey.length);
  bytes.set(name);
  bytes[name.length] = key.type;
  bytes.set(key.publicKey, name.length + 1);
  return { ...key, id: hashing.sha256(bytes).slice(0, 4) };
}

/** "name+key id in hex+base64(type || public key)". */
export function noteKeyText(key: NoteKey): string {
  const typed = new Uint8Array([key.type, ...key.publicKey]);
  return `${key.name}+${hex(key.id)}+${base64OfBytes(typed)}`;
}

/** The key of such a text; undefined when it is malformed or its id is not the key's. */
export function parseNoteKey(hashing: Pick<Hashing, 'sha256'>, text: string): NoteKey | undefined {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const typed = encoded === undefined ? undefined : bytesOfBase64(encoded);
  if (name === undefined || typed?.length !== 33) return undefined;
  const type = typed[0];
  if (type !== noteKeyTypes.ed25519 && type !== noteKeyTypes.cosignature) return undefined;
  const key = noteKey(hashing, { name, type, publicKey: typed.slice(1) });
  return hex(key.id) === id ? key : undefined;
}

/** What the note holds; undefined when it is not one. */
export function parseNote(note: string): SignedNote | undefined {
  // Control characters but the line feed, and text that is no text, may not stand in a note.
  if (/[^\n\P{Cc}]|\p{Surrogate}/u.test(note) || !note.endsWith('\n')) return undefined;
  const cut = note.lastIndexOf('\n\n');
  if (cut < 0) return undefined;
  const lines = note.slice(cut + 2, -1).split('\n');
  if (lines.length > signaturesAtMost) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, encoded] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    const bytes = encoded === undefined ? undefined : bytesOfBase64(encoded);
    if (name === undefined || bytes === undefined || bytes.length < 5) return undefined;
    signatures.push({ name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) });
  }
  return { text: note.slice(0, cut + 1), signatures };
}

/** One signature line with its line feed. */
export function signatureLine(key: Pick<NoteKey, 'name' | 'id'>, signature: Uint8Array): string {
  const bytes = new Uint8Array(key.id.length + signature.length);
  bytes.set(key.id);
  bytes.set(signature, key.id.length);
  return `${emDash} ${key.name} ${base64OfBytes(bytes)}\n`;
}

/** A note of this text signed by one key; `text` ends with a line feed. */
export function signNote(text: string, signer: { readonly key: NoteKey; readonly sign: SignEd25519 }): string {
  return `${text}\n${signatureLine(signer.key, signer.sign(utf8Bytes(text)))}`;
}

/** The signatures of a note that claim to be by this key. */
export function signaturesBy(note: SignedNote, key: NoteKey): readonly NoteSignature[] {
  return note.signatures.filter(({ name, keyId }) => name === key.name && equalBytes(keyId, key.id));
}

/** The text of a note that this Ed25519 key signed; undefined when it did not or the note is malformed. */
export async function openNote(verify: VerifyEd25519, note: string, key: NoteKey): Promise<string | undefined> {
  const parsed = parseNote(note);
  if (parsed === undefined || key.type !== noteKeyTypes.ed25519) return undefined;
  const claimed = signaturesBy(parsed, key);
  if (claimed.length === 0) return undefined;
  for (const { signature } of claimed) {
    if (signature.length !== 64 || !(await verify(key.publicKey, utf8Bytes(parsed.text), signature))) return undefined;
  }
  return parsed.text;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The name of the key with which a cabinet (TypeID) cosigns. */
export function witnessName(cabinet: string): string {
  return `tagtrail/${cabinet}`;
}
