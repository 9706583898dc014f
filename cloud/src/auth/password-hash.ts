import { hash, verify } from '@node-rs/argon2';
import { ApiProblem } from '../api/problem.js';

/** argon2id (the library's default) with 46 MiB, one pass, one lane (OWASP ASVS 5.0 appendix C). */
export const passwordCost = { memoryCost: 47_104, timeCost: 1, parallelism: 1 } as const;

export interface PasswordHash {
  hash(password: string): Promise<string>;
  verify(input: { readonly hash: string; readonly password: string }): Promise<boolean>;
}

/**
 * Hashes passwords, `atOnce` at a time: each takes 46 MiB and a core, so a flood of sign-ins waits
 * in a short queue and is refused beyond it instead of taking the machine.
 */
export function createPasswordHash(limits: { readonly atOnce: number; readonly waiting: number }): PasswordHash {
  let running = 0;
  const queue: (() => void)[] = [];
  const limited = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= limits.atOnce) {
      if (queue.length >= limits.waiting)
        throw new ApiProblem('unavailable', 'Too many people are signing in; try again in a few seconds.', {
          retryAfter: 5,
        });
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running--;
      else next();
    }
  };
  return {
    hash: (password) => limited(() => hash(password.normalize('NFC'), passwordCost)),
    verify: (input) => limited(() => verify(input.hash, input.password.normalize('NFC'))),
  };
}
