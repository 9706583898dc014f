import { bytesOfBase64 } from '@tagtrail/shared/bytes/base64.js';
import type { CheckpointMessage, CheckpointRefusal } from '@tagtrail/shared/mqtt/messages.js';
import { type Checkpoint, openCheckpoint, parseCheckpoint } from '@tagtrail/shared/proof/checkpoint.js';
import type { Hashing, VerifyEd25519 } from '@tagtrail/shared/proof/hashing.js';
import { equalBytes, verifyConsistency } from '@tagtrail/shared/proof/merkle.js';
import { type NoteKey, parseNote, parseNoteKey } from '@tagtrail/shared/proof/signed-note.js';

/** What the cabinet has seen of its customer's trail and stands for. */
export interface Seen {
  /** The key of the log: the first one that this cabinet was shown, or one that a key it knew has vouched for since. */
  readonly key: string;
  /** The signed note of the newest checkpoint that it cosigned. */
  readonly note: string;
  /** Keys that counted before: what has handed over never counts again, for it may have been stolen since. */
  readonly left?: readonly string[] | undefined;
}

export type Judgement =
  | { readonly kind: 'cosign'; readonly checkpoint: Checkpoint; readonly text: string; readonly seen: Seen }
  /** The proof does not start from what was seen: one that does is asked for. */
  | { readonly kind: 'ask'; readonly size: number }
  | { readonly kind: 'refuse'; readonly reason: CheckpointRefusal; readonly size: number; readonly seen: number };

interface Means {
  readonly hashing: Pick<Hashing, 'sha256'>;
  readonly verify: VerifyEd25519;
}

/**
 * Whether a checkpoint continues what this cabinet has seen. The first one is believed, with its
 * key; after that a trail only grows (RFC 9162 section 2.1.4), and only under that key. A checkpoint
 * that the known key and another one have both signed hands over to the other.
 */
export async function judgeCheckpoint(
  means: Means,
  seen: Seen | undefined,
  message: CheckpointMessage,
): Promise<Judgement> {
  const before = seen === undefined ? undefined : checkpointIn(seen.note);
  const claimed = checkpointIn(message.note);
  const refuse = (reason: CheckpointRefusal): Judgement => ({
    ...{ kind: 'refuse', reason },
    ...{ size: claimed?.checkpoint.size ?? 0, seen: before?.checkpoint.size ?? 0 },
  });
  const key = keyOf(means, seen, message);
  if (key === undefined || claimed === undefined) return refuse('unsigned');
  const opened = await openCheckpoint(means.verify, message.note, key);
  if (opened === undefined || opened.size < 1) return refuse('unsigned');
  const accepted: Judgement = {
    ...{ kind: 'cosign', checkpoint: opened, text: claimed.text },
    seen: { ...(await keysAfter(means, seen, message)), note: message.note },
  };
  if (before === undefined) return accepted;
  const { size, root } = before.checkpoint;
  if (opened.size === size) return equalBytes(opened.root, root) ? accepted : refuse('two_roots');
  if (opened.size < size) return refuse('shorter');
  if (message.from !== size) return { kind: 'ask', size };
  return hasGrown(means, { before: before.checkpoint, after: opened, path: message.path })
    ? accepted
    : refuse('not_grown');
}

function keyOf({ hashing }: Means, seen: Seen | undefined, message: CheckpointMessage): NoteKey | undefined {
  return parseNoteKey(hashing, seen?.key ?? message.key);
}

/** The key that counts from this checkpoint on, which the known key has signed, and those that have counted. */
async function keysAfter(
  means: Means,
  seen: Seen | undefined,
  message: CheckpointMessage,
): Promise<Pick<Seen, 'key' | 'left'>> {
  if (seen === undefined) return { key: message.key };
  const { key, left = [] } = seen;
  if (key === message.key || left.includes(message.key)) return { key, left };
  const other = parseNoteKey(means.hashing, message.key);
  const isHandedOver = other !== undefined && (await openCheckpoint(means.verify, message.note, other)) !== undefined;
  return isHandedOver ? { key: message.key, left: [...left, key] } : { key, left };
}

function checkpointIn(note: string): { readonly text: string; readonly checkpoint: Checkpoint } | undefined {
  const text = parseNote(note)?.text;
  const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
  return text === undefined || checkpoint === undefined ? undefined : { text, checkpoint };
}

function hasGrown(
  { hashing }: Means,
  {
    before,
    after,
    path,
  }: { readonly before: Checkpoint; readonly after: Checkpoint; readonly path: readonly string[] },
): boolean {
  const hashes = path.map(bytesOfBase64);
  if (!hashes.every((hash): hash is Uint8Array => hash !== undefined)) return false;
  return verifyConsistency(hashing, {
    ...{ size1: BigInt(before.size), root1: before.root, size2: BigInt(after.size), root2: after.root },
    path: hashes,
  });
}
