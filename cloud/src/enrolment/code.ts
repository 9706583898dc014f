import { createHash, timingSafeEqual } from 'node:crypto';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';

/** Crockford's base 32: no letter that is taken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const handleLength = 8;
const secretLength = 26;

export const codeRules = { validMs: 15 * 60_000, wrongTries: 5 } as const;

export interface NewCode {
  /** What a person types: the handle and the secret, in groups. Shown once. */
  readonly text: string;
  readonly handle: string;
  readonly secretHash: string;
}

/** 40 bits that name the code and 130 that are the secret. */
export function newCode(random: Random): NewCode {
  const characters = [...randomBytes(random, handleLength + secretLength)].map((byte) => alphabet[byte & 31]);
  const code = characters.join('');
  const { handle, secretHash } = readCode(code);
  const text = [0, 8, 15, 22, 28].map((from, i, starts) => code.slice(from, starts[i + 1])).join('-');
  return { text, handle, secretHash };
}

/** The parts of a code without its dashes. */
export function readCode(code: string): { readonly handle: string; readonly secretHash: string } {
  return { handle: code.slice(0, handleLength), secretHash: sha256Hex(code.slice(handleLength)) };
}

/** What is kept of a code. */
export interface KeptCode {
  readonly secretHash: string;
  readonly expiresAtMs: number;
  readonly used: boolean;
  readonly wrongTries: number;
}

export type CodeVerdict = 'accepted' | 'wrong' | 'locked' | 'used' | 'expired';

/** Whether a secret opens the code at the wall time `atMs`. Only who knows the secret learns why it does not. */
export function judgeCode(kept: KeptCode, secretHash: string, atMs: number): CodeVerdict {
  if (kept.wrongTries >= codeRules.wrongTries) return 'locked';
  if (!timingSafeEqual(Buffer.from(kept.secretHash, 'hex'), Buffer.from(secretHash, 'hex'))) return 'wrong';
  if (kept.used) return 'used';
  return kept.expiresAtMs <= atMs ? 'expired' : 'accepted';
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
