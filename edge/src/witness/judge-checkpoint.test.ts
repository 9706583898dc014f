import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { CheckpointMessage } from '@tagtrail/shared/mqtt/messages.js';
import { checkpointText } from '@tagtrail/shared/proof/checkpoint.js';
import type { VerifyEd25519 } from '@tagtrail/shared/proof/hashing.js';
import { consistencyPlan } from '@tagtrail/shared/proof/proof-plan.js';
import { noteKey, noteKeyText, noteKeyTypes, signatureLine, signNote } from '@tagtrail/shared/proof/signed-note.js';
import { growTiles, rangeHash, rootOfTiles, type TileOf } from '@tagtrail/shared/proof/tiles.js';
import { describe, expect, it } from 'vitest';
import { judgeCheckpoint, type Seen } from './judge-checkpoint.js';

const hashing = { sha256: (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest()) };
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');
const isSigned: VerifyEd25519 = (publicKey, message, signature) =>
  verify(
    null,
    message,
    createPublicKey({ key: Buffer.concat([spkiHead, publicKey]), format: 'der', type: 'spki' }),
    signature,
  );

function makeLog(name: string) {
  const keys = generateKeyPairSync('ed25519');
  const publicKey = new Uint8Array(keys.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const key = noteKey(hashing, { name, type: noteKeyTypes.ed25519, publicKey });
  return { key, sign: (message: Uint8Array) => new Uint8Array(sign(null, message, keys.privateKey)) };
}

const log = makeLog('tagtrail/tenant_x');
const means = { hashing, verify: isSigned };

/** A tree whose leaves begin to differ at `branch`. */
function treeOf(branch = Number.POSITIVE_INFINITY): TileOf {
  const leaves = Array.from({ length: 600 }, (_, i) =>
    hashing.sha256(Buffer.from(`${i < branch ? '' : 'other'} ${i}`)),
  );
  const tiles = new Map<string, Uint8Array>();
  for (const tile of growTiles(hashing, { size: 0, tileOf: () => undefined }, leaves)) {
    tiles.set(`${tile.level}/${tile.index}`, tile.hashes);
  }
  return (level, index) => tiles.get(`${level}/${index}`);
}

type Signer = ReturnType<typeof makeLog>;
interface Shown {
  readonly from?: number;
  readonly tree?: TileOf;
  readonly by?: Signer;
  /** Who signs besides. */
  readonly and?: Signer;
}

function shown(size: number, { from = 0, tree = treeOf(), by = log, and }: Shown = {}): CheckpointMessage {
  const root = rootOfTiles(hashing, tree, size);
  const path = consistencyPlan(from, size).map((range) => rangeHash(hashing, tree, range));
  return {
    ...{ v: 1, key: noteKeyText(by.key), from },
    note: noteBy(checkpointText({ origin: log.key.name, size, root }), by, and),
    path: path.map((hash) => Buffer.from(hash).toString('base64')),
  };
}

function noteBy(text: string, by: Signer, and: Signer | undefined): string {
  const note = signNote(text, by);
  return and === undefined ? note : `${note}${signatureLine(and.key, and.sign(Buffer.from(text)))}`;
}

const seenAt = (size: number): Seen => ({ key: noteKeyText(log.key), note: shown(size).note });

describe('what a witness says to a checkpoint', () => {
  it.each([
    ['the first one', undefined, shown(300), 'cosign'],
    ['the same again', seenAt(300), shown(300), 'cosign'],
    ['one that continues it', seenAt(300), shown(517, { from: 300 }), 'cosign'],
    ['one without the proof', seenAt(300), shown(517), 'ask'],
    ['one with the proof from elsewhere', seenAt(300), shown(517, { from: 256 }), 'ask'],
  ] as const)('takes %s', async (_what, seen, message, kind) => {
    expect((await judgeCheckpoint(means, seen, message)).kind).toBe(kind);
  });

  it.each([
    ['another root of the same size', shown(300, { tree: treeOf(299) }), 'two_roots'],
    ['a shorter trail', shown(299), 'shorter'],
    ['a history that was written anew', shown(517, { from: 300, tree: treeOf(17) }), 'not_grown'],
    [
      'a proof that was edited',
      { ...shown(517, { from: 300 }), path: [shown(3, { from: 2 }).path[0] ?? ''] },
      'not_grown',
    ],
    ['a path of rubbish', { ...shown(517, { from: 300 }), path: ['x'] }, 'not_grown'],
    ['the key of somebody else', shown(517, { from: 300, by: makeLog(log.key.name) }), 'unsigned'],
    ['a note that is none', { ...shown(517), note: 'rubbish' }, 'unsigned'],
  ] satisfies [string, CheckpointMessage, string][])('refuses %s', async (_what, message, reason) => {
    expect(await judgeCheckpoint(means, seenAt(300), message)).toMatchObject({ kind: 'refuse', reason, seen: 300 });
  });

  it('follows the log to the key that the known key signs beside, and to no other', async () => {
    const next = makeLog(log.key.name);
    const both = await judgeCheckpoint(means, seenAt(300), shown(517, { from: 300, by: next, and: log }));
    expect(both).toMatchObject({ kind: 'cosign', seen: { key: noteKeyText(next.key) } });
    const seen = (both as Extract<typeof both, { kind: 'cosign' }>).seen;
    expect(await judgeCheckpoint(means, seen, shown(600, { from: 517, by: next }))).toMatchObject({ kind: 'cosign' });
    expect(await judgeCheckpoint(means, seen, shown(600, { from: 517 }))).toMatchObject({ reason: 'unsigned' });
    // Another key is named, and has signed nothing: the known one still counts.
    const named = { ...shown(517, { from: 300 }), key: noteKeyText(next.key) };
    expect(await judgeCheckpoint(means, seenAt(300), named)).toMatchObject({ seen: { key: noteKeyText(log.key) } });
    // The key of another log is none for this one, whoever signs beside it.
    const foreign = makeLog('tagtrail/tenant_y');
    const lured = { ...shown(517, { from: 300, and: foreign }), key: noteKeyText(foreign.key) };
    expect(await judgeCheckpoint(means, seenAt(300), lured)).toMatchObject({ seen: { key: noteKeyText(log.key) } });
  });

  it('never goes back to a key that has handed over', async () => {
    const next = makeLog(log.key.name);
    const both = await judgeCheckpoint(means, seenAt(300), shown(517, { from: 300, by: next, and: log }));
    const { seen } = both as Extract<typeof both, { kind: 'cosign' }>;
    for (const size of [517, 600]) {
      const back = { ...shown(size, { from: 517, by: next, and: log }), key: noteKeyText(log.key) };
      const { key } = ((await judgeCheckpoint(means, seen, back)) as typeof both & { kind: 'cosign' }).seen;
      expect(key).toBe(noteKeyText(next.key));
    }
  });

  it('follows nothing in a checkpoint that does not continue what was seen', async () => {
    const next = makeLog(log.key.name);
    const message = shown(517, { from: 300, by: next, and: log, tree: treeOf(17) });
    expect(await judgeCheckpoint(means, seenAt(300), message)).toMatchObject({ kind: 'refuse', reason: 'not_grown' });
  });
});
