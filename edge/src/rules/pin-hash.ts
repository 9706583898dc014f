import { randomFillSync, scrypt, timingSafeEqual } from 'node:crypto';
import type { RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';

/** Scrypt (RFC 7914) with N 2^14, r 8, p 1: some 50 ms on a small cabinet controller, 16 MiB of memory. */
const cost = { N: 16_384, r: 8, p: 1 } as const;
const hashBytes = 32;
/** Compared with when nobody has the number, so that the answer takes the same time. */
const nobody = { salt: '0'.repeat(32), pinHash: '0'.repeat(64) };

/** Whether `pin` is the one that the rulebook has for the person; false for nobody. */
export async function pinMatches(person: RulebookPerson | undefined, pin: string): Promise<boolean> {
  const { salt, pinHash } = person?.pin ?? nobody;
  const typed = await hash(pin, Buffer.from(salt, 'hex'));
  return timingSafeEqual(typed, Buffer.from(pinHash, 'hex')) && person?.pin !== undefined;
}

/** What a rulebook carries for a PIN, in lower-case hexadecimal. */
export async function hashPin(pin: string, salt = randomFillSync(Buffer.alloc(16))) {
  return { salt: salt.toString('hex'), pinHash: (await hash(pin, salt)).toString('hex') };
}

function hash(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, hashBytes, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
