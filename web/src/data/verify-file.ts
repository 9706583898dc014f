import { ed25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8Bytes } from '@tagtrail/shared/bytes/utf8.js';
import type { Hashing, VerifyEd25519 } from '@tagtrail/shared/proof/hashing.js';
import { type NoteKey, parseNoteKey } from '@tagtrail/shared/proof/signed-note.js';
import { type TrustedCheckpoint, trustedCheckpoint } from '@tagtrail/shared/proof/verify-checkpoints.js';
import { createExportVerifier, type ExportReport } from '@tagtrail/shared/proof/verify-export.js';

/** The hashes in this browser. `crypto.subtle` answers later and only on https, and a million lines cannot wait. */
const hashing: Hashing = {
  sha256: (data) => sha256(bytesOf(data)),
  hmacSha256: (key, data) => hmac(sha256, key, bytesOf(data)),
};

function bytesOf(data: Uint8Array | string): Uint8Array {
  return typeof data === 'string' ? utf8Bytes(data) : data;
}

/** Strict as RFC 8032 has it, so that the verdict is the one of the command line. */
const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) =>
  ed25519.verify(signature, message, publicKey, { zip215: false });

/** Verifies an export in this browser; nothing of it goes anywhere. `onProgress` hears shares, 0 to 1. */
export async function verifyFile(
  file: Blob,
  { keys, checkpoints, onProgress }: Kept & { readonly onProgress: (share: number) => void },
): Promise<ExportReport> {
  const verifier = createExportVerifier({ hashing, verify: verifyEd25519, trusted: { keys, checkpoints } });
  const reader = file.stream().getReader();
  const decoder = new TextDecoder('utf-8', { fatal: false });
  let rest = '';
  let read = 0;
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + decoder.decode(value, { stream: !done })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) verifier.line(line);
    if (done) break;
    read += value.length;
    onProgress(read / Math.max(1, file.size));
  }
  if (rest !== '') verifier.line(rest);
  return await verifier.finish();
}

/** What the reader holds against the export. */
export interface Kept {
  readonly keys: readonly NoteKey[];
  readonly checkpoints: readonly TrustedCheckpoint[];
}

/** The keys (one in a line) and checkpoints in what somebody has kept; undefined for anything else. */
export function readKept(text: string): Kept | undefined {
  const checkpoint = trustedCheckpoint(text);
  if (checkpoint !== undefined) return { keys: [], checkpoints: [checkpoint] };
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => parseNoteKey(hashing, line));
  const good = keys.filter((key) => key !== undefined);
  return good.length > 0 && good.length === keys.length ? { keys: good, checkpoints: [] } : undefined;
}
