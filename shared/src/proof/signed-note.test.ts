import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64OfBytes, bytesOfBase64 } from '../bytes/base64.js';
import { checkpointText, cosign, cosignedAt, openCheckpoint, parseCheckpoint } from './checkpoint.js';
import { parseProofFile, proofFileText } from './proof-file.js';
import { noteKey, noteKeyText, openNote, parseNote, parseNoteKey, signNote } from './signed-note.js';

const hashing = { sha256: (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest()) };
const jwk = (x: Uint8Array) => ({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(x).toString('base64url') });
const isSigned = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, message, createPublicKey({ key: jwk(publicKey), format: 'jwk' }), signature);

// RFC 8032 section 7.1, TEST 1: a published key, for tests only.
const publicKey = new Uint8Array(
  Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex'),
);
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const secret = createPrivateKey({ key: { ...jwk(publicKey), d: seed.toString('base64url') }, format: 'jwk' });
const signWith = (message: Uint8Array): Uint8Array => new Uint8Array(sign(null, message, secret));

const log = noteKey(hashing, { name: 'tagtrail.example/t1', type: 1, publicKey });
const witness = noteKey(hashing, { name: 'cabinet-1', type: 4, publicKey });
const root = hashing.sha256(new Uint8Array(0));
const text = checkpointText({ origin: log.name, size: 8, root });
const note = signNote(text, { key: log, sign: signWith });

describe('a signed note', () => {
  // golang.org/x/mod/sumdb/note, the example of the package.
  it('opens with the published key of the Go checksum database example', async () => {
    const key = parseNoteKey(hashing, 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    const published =
      'If you think cryptography is the answer to your problem,\nthen you don\u2019t know what your problem is.\n'.replace(
        '\u2019',
        "'",
      ) +
      '\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
    expect(key).toBeDefined();
    expect(key && (await openNote(isSigned, published, key))).toContain('cryptography is the answer');
    expect(key && (await openNote(isSigned, published.replace('answer', 'reason'), key))).toBeUndefined();
  });

  it('is read back with its key, and with no other', async () => {
    expect(parseNoteKey(hashing, noteKeyText(log))).toEqual(log);
    expect(await openCheckpoint(isSigned, note, log)).toEqual({ origin: log.name, size: 8, root });
    expect(await openCheckpoint(isSigned, note, noteKey(hashing, { ...log, name: 'other' }))).toBeUndefined();
    expect(await openNote(isSigned, note, witness)).toBeUndefined();
  });

  it('is refused with a broken line, whichever character breaks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(note.length - 1),
        fc.constantFrom('\t', 'x', '\n', '9', '\ud800'),
        async (at, character) => {
          const edited = note.slice(0, at) + character + note.slice(at + 1);
          const opened = await openNote(isSigned, edited, log);
          expect(opened === undefined || edited === note).toBe(true);
        },
      ),
    );
  });

  it('takes no text that is no note', () => {
    for (const bad of ['', 'x', 'x\n', 'x\n\n', 'x\n\n\u2014 a b\n', 'x\n\n- a AAAAAAAA\n'])
      expect(parseNote(bad)).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  it('takes one spelling only', () => {
    expect(parseCheckpoint(`${text}extension\n`)?.size).toBe(8);
    const half = base64OfBytes(root.slice(16));
    const bad = [
      text.trimEnd(),
      text.replace('\n8', '\n08'),
      text.replace('\n8', '\n-8'),
      `\n8\n${base64OfBytes(root)}\n`,
    ];
    for (const wrong of [...bad, `a\n8\n${half}\n`, `a\n9007199254740993\n${base64OfBytes(root)}\n`]) {
      expect(parseCheckpoint(wrong)).toBeUndefined();
    }
  });

  it('carries the time of each witness under a key of its own type', async () => {
    const both = note + cosign(text, { key: witness, sign: signWith }, 1_790_000_000);
    expect(await cosignedAt(isSigned, both, witness)).toBe(1_790_000_000);
    expect(await openCheckpoint(isSigned, both, log)).toBeDefined();
    expect(await cosignedAt(isSigned, note, witness)).toBeUndefined();
    expect(await cosignedAt(isSigned, both.replace('\n8\n', '\n9\n'), witness)).toBeUndefined();
    expect(await cosignedAt(isSigned, both, noteKey(hashing, { ...witness, name: 'cabinet-2' }))).toBeUndefined();
  });
});

describe('a proof file', () => {
  it('holds the index, the path and the checkpoint', () => {
    const proof = { index: 5n, path: [root, hashing.sha256(root)], checkpoint: note };
    const file = proofFileText(proof);
    expect(file.startsWith('c2sp.org/tlog-proof@v1\nindex 5\n')).toBe(true);
    expect(parseProofFile(file)).toEqual(proof);
    expect(parseProofFile(file.replace('index', 'extra AAAA\nindex'))).toEqual(proof);
    expect(parseProofFile(proofFileText({ ...proof, path: [] }))?.path).toEqual([]);
    for (const bad of [
      file.replace('@v1', '@v2'),
      file.replace('index 5', 'index 05'),
      file.replace('index 5\n', ''),
    ]) {
      expect(parseProofFile(bad)).toBeUndefined();
    }
  });
});

describe('base64', () => {
  it('has one spelling for every value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const encoded = base64OfBytes(bytes);
        expect(encoded).toBe(Buffer.from(bytes).toString('base64'));
        expect(bytesOfBase64(encoded)).toEqual(bytes);
      }),
    );
    for (const bad of ['A', 'AA', 'AB==', 'AAB=', 'A===', '====', 'AA=A', 'A-=='])
      expect(bytesOfBase64(bad)).toBeUndefined();
  });
});
