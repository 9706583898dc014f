import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { AppError } from '@tagtrail/shared/error.js';

/**
 * Authenticated encryption of a stream of any length: the STREAM construction (Hoang, Reyhanitabar,
 * Rogaway, Vizár, 2015) with AES-256-GCM, as in age. Pieces of 64 KiB each carry a tag of 16 bytes;
 * the nonce counts them and marks the last one, and every tag covers the header of the file. So no
 * piece can be changed, moved, left out or taken from another file, and an end that is missing shows.
 */
const pieceBytes = 65_536;
const tagBytes = 16;

export interface SealOptions {
  /** 32 bytes, used for this one file only. */
  readonly key: Uint8Array;
  /** What stands readable in front of the pieces. */
  readonly header: Uint8Array;
}

/** Plain bytes in, sealed pieces out. */
export function sealStream(options: SealOptions): Transform {
  const { key } = options;
  const about = digestOf(options.header);
  let count = 0;
  const seal = (piece: Uint8Array, last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(count++, last)).setAAD(about);
    return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  };
  return inPieces(pieceBytes, seal);
}

/**
 * Sealed pieces in, plain bytes out; nothing comes out of a piece whose tag does not fit.
 * The stream fails with AppError `backup.damaged` or `backup.truncated`.
 */
export function openStream(options: SealOptions): Transform {
  const { key } = options;
  const about = digestOf(options.header);
  let count = 0;
  const tryOpen = (piece: Uint8Array, last: boolean): Buffer | undefined => {
    if (piece.length < tagBytes) return undefined;
    const opener = createDecipheriv('aes-256-gcm', key, nonceOf(count, last), { authTagLength: tagBytes }).setAAD(
      about,
    );
    opener.setAuthTag(piece.subarray(piece.length - tagBytes));
    const plain = opener.update(piece.subarray(0, piece.length - tagBytes));
    try {
      return Buffer.concat([plain, opener.final()]);
    } catch {
      return undefined;
    }
  };
  return inPieces(pieceBytes + tagBytes, (piece, last) => {
    const plain = tryOpen(piece, last);
    if (plain === undefined) throw last && tryOpen(piece, false) !== undefined ? truncated() : damaged(count);
    count++;
    return plain;
  });
}

/** Cuts what flows into pieces of one size; the last one, which may be shorter or empty, is known as such. */
function inPieces(size: number, turn: (piece: Uint8Array, last: boolean) => Buffer): Transform {
  let waiting: Buffer = Buffer.alloc(0);
  const attempt = (done: (error?: Error | null) => void, work: () => void): void => {
    try {
      work();
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      attempt(done, () => {
        waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
        let at = 0;
        // A full piece waits until something follows it: it could be the last.
        for (; waiting.length - at > size; at += size) this.push(turn(waiting.subarray(at, at + size), false));
        waiting = waiting.subarray(at);
      });
    },
    flush(done) {
      attempt(done, () => this.push(turn(waiting, true)));
    },
  });
}

/** 7 bytes of zero (the key is of one file), 4 bytes of count, 1 byte that marks the end. */
function nonceOf(count: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(count, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

function digestOf(header: Uint8Array): Buffer {
  return createHash('sha256').update(header).digest();
}

function damaged(count: number): AppError {
  return new AppError(
    'backup.damaged',
    `The backup was changed or cut off in its piece ${count + 1} of 64 KiB. Nothing after that can be believed; take another one.`,
    { kind: 'operator' },
  );
}

function truncated(): AppError {
  return new AppError('backup.truncated', 'The end of the backup is missing. Take another one.', { kind: 'operator' });
}
