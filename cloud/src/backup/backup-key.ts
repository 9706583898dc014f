import { hkdfSync, scrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '@tagtrail/shared/error.js';
import { z } from 'zod';

/** What opens a backup: a key file of at least 32 bytes, or a passphrase. */
export type BackupSecret =
  | { readonly kind: 'key-file'; readonly bytes: Uint8Array }
  | { readonly kind: 'passphrase'; readonly text: string };

/** How the key of one file follows from the secret; stands readable at its beginning. */
export const derivation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key-file'), salt: z.base64().length(44) }),
  z.strictObject({
    kind: z.literal('passphrase'),
    salt: z.base64().length(44),
    // Bounded: a file from elsewhere must not take all the memory.
    log2Cost: z.int().min(14).max(20),
  }),
]);
export type Derivation = z.output<typeof derivation>;

/** 128 MiB for one guess: OWASP's first choice for scrypt (N = 2^17, r = 8, p = 1). */
const log2Cost = 17;
const leastKeyBytes = 32;
const leastPassphrase = 12;

/** How a new file's key is derived; `salt` is 32 random bytes of its own. */
export function newDerivation({ kind }: BackupSecret, salt: Uint8Array): Derivation {
  const text = Buffer.from(salt).toString('base64');
  return kind === 'key-file' ? { kind, salt: text } : { kind, salt: text, log2Cost };
}

/**
 * The 32 bytes that encrypt one file: HKDF-SHA-256 (RFC 5869) of a key file, scrypt (RFC 7914) of a passphrase.
 * @throws AppError `backup.key_refused` when the file was made with the other kind of secret.
 */
export async function deriveKey(secret: BackupSecret, how: Derivation): Promise<Uint8Array> {
  const salt = Buffer.from(how.salt, 'base64');
  if (secret.kind === 'key-file' && how.kind === 'key-file') {
    return new Uint8Array(hkdfSync('sha256', secret.bytes, salt, 'tagtrail backup 1', 32));
  }
  if (secret.kind === 'passphrase' && how.kind === 'passphrase') {
    const cost = 2 ** how.log2Cost;
    return await new Promise((resolve, reject) => {
      const options = { N: cost, r: 8, p: 1, maxmem: 2 * 128 * 8 * cost };
      scrypt(secret.text.normalize('NFKC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
    });
  }
  throw new AppError('backup.key_refused', `The backup was made with a ${how.kind}, not with a ${secret.kind}.`, {
    kind: 'operator',
  });
}

/**
 * Reads the secret from the key file, else from the file with the passphrase, else the passphrase as it is given.
 * @throws AppError `backup.key_missing`, `backup.key_weak`.
 */
export async function readSecret(from: {
  readonly keyFile?: string | undefined;
  readonly passphraseFile?: string | undefined;
  readonly passphrase?: string | undefined;
}): Promise<BackupSecret> {
  if (from.keyFile !== undefined) {
    const bytes = await readOrRefuse(from.keyFile);
    if (bytes.length >= leastKeyBytes) return { kind: 'key-file', bytes };
    throw weak(`The key file ${from.keyFile} has ${bytes.length} bytes; it needs ${leastKeyBytes}`, 'openssl rand');
  }
  const text =
    from.passphraseFile === undefined
      ? from.passphrase
      : (await readOrRefuse(from.passphraseFile)).toString('utf8').replace(/\r?\n$/, '');
  if (text === undefined) {
    throw new AppError(
      'backup.key_missing',
      'Name what encrypts the backup: --key-file FILE, --passphrase-file FILE, or BACKUP_PASSPHRASE in the environment.',
      { kind: 'operator' },
    );
  }
  if (text.length < leastPassphrase) throw weak(`The passphrase has fewer than ${leastPassphrase} characters`, 'words');
  return { kind: 'passphrase', text };
}

function weak(what: string, remedy: 'openssl rand' | 'words'): AppError {
  const how = remedy === 'words' ? 'Take four random words.' : 'Make one with: openssl rand -out FILE 32';
  return new AppError('backup.key_weak', `${what}. ${how}`, { kind: 'operator' });
}

async function readOrRefuse(path: string): Promise<Buffer> {
  return await readFile(path).catch((error: unknown) => {
    throw new AppError('backup.key_missing', `The file ${path} cannot be read.`, { kind: 'operator', cause: error });
  });
}
