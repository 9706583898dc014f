import { base64OfBytes, bytesOfBase64 } from '../bytes/base64.js';
import { utf8Bytes } from '../bytes/utf8.js';
import type { SignEd25519, VerifyEd25519 } from './hashing.js';
import { hashBytes } from './merkle.js';
import { type NoteKey, noteKeyTypes, openNote, parseNote, signatureLine, signaturesBy } from './signed-note.js';

/** C2SP tlog-checkpoint: how long a log is and what its root is. */
export interface Checkpoint {
  /** The name of the log. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** The three lines of a checkpoint, each with its line feed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${base64OfBytes(root)}\n`;
}

/** The checkpoint of a note's text; extension lines are left alone, malformed text is undefined. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, digits, encoded, ...rest] = text.split('\n');
  const root = encoded === undefined ? undefined : bytesOfBase64(encoded);
  if (origin === undefined || origin === '' || !/^(0|[1-9][0-9]*)$/.test(digits ?? '')) return undefined;
  const size = Number(digits);
  if (!Number.isSafeInteger(size) || root?.length !== hashBytes) return undefined;
  const extensions = rest.slice(0, -1);
  if (rest.at(-1) !== '' || extensions.includes('')) return undefined;
  return { origin, size, root };
}

/** The checkpoint of a note that the log's key signed and that is of this log; undefined otherwise. */
export async function openCheckpoint(
  verify: VerifyEd25519,
  note: string,
  key: NoteKey,
): Promise<Checkpoint | undefined> {
  const text = await openNote(verify, note, key);
  const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
  return checkpoint?.origin === key.name ? checkpoint : undefined;
}

/** The message that a witness signs (C2SP tlog-cosignature, cosignature/v1). */
function cosignedMessage(text: string, atSeconds: number): Uint8Array {
  return utf8Bytes(`cosignature/v1\ntime ${atSeconds}\n${text}`);
}

/**
 * The signature line of a witness over a checkpoint that it holds to be the newest of the log.
 * @param text the text of the note, without its signatures.
 * @param witness a key of the type `cosignature`.
 * @param atSeconds seconds since 1970.
 */
export function cosign(
  text: string,
  witness: { readonly key: NoteKey; readonly sign: SignEd25519 },
  atSeconds: number,
): string {
  const signature = new Uint8Array(8 + 64);
  new DataView(signature.buffer).setBigUint64(0, BigInt(atSeconds));
  signature.set(witness.sign(cosignedMessage(text, atSeconds)), 8);
  return signatureLine(witness.key, signature);
}

/** When this witness cosigned the note, in seconds since 1970; undefined when it did not. */
export async function cosignedAt(verify: VerifyEd25519, note: string, key: NoteKey): Promise<number | undefined> {
  const parsed = parseNote(note);
  if (parsed === undefined || key.type !== noteKeyTypes.cosignature) return undefined;
  for (const { signature } of signaturesBy(parsed, key)) {
    if (signature.length !== 72) continue;
    const at = Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
    if (!Number.isSafeInteger(at)) continue;
    if (await verify(key.publicKey, cosignedMessage(parsed.text, at), signature.slice(8))) return at;
  }
  return undefined;
}
