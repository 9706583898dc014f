/**
 * The only source of chance. A fork by name has its own stream, so that drawing more in one place
 * does not shift what another place draws.
 */
export interface Random {
  /** A uniform integer in 0 .. 2^32-1. */
  uint32(): number;
  fork(name: string): Random;
}

/** A uniform integer in `0 .. bound-1`. */
export function below(random: Random, bound: number): number {
  const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
  for (;;) {
    const draw = random.uint32();
    if (draw < limit) return draw % bound;
  }
}

/** True `numerator` times in `denominator`. */
export function chance(random: Random, numerator: number, denominator: number): boolean {
  return below(random, denominator) < numerator;
}

/** `length` random bytes. */
export function randomBytes(random: Random, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 4) {
    const draw = random.uint32();
    for (let j = 0; j < 4 && i + j < length; j++) bytes[i + j] = (draw >>> (8 * j)) & 0xff;
  }
  return bytes;
}

/** One element of a list that is not empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[below(random, list.length)] as T;
}
