import type { Random } from './random.js';

declare const crypto: { getRandomValues(into: Uint32Array): Uint32Array };

/** Chance from the operating system, fit for identifiers and keys. */
export const systemRandom: Random = {
  uint32: () => crypto.getRandomValues(new Uint32Array(1))[0] as number,
  fork: () => systemRandom,
};
