import type { Random } from './random.js';

/**
 * A seeded generator with 128 bits of state: xoshiro128** (Blackman, Vigna, "Scrambled linear
 * pseudorandom number generators", 2018), its state filled by splitmix32 over the seed's text.
 */
export function seededRandom(seed: string | number): Random {
  const text = String(seed);
  const state = new Uint32Array(4);
  let mix = hashText(text);
  for (let i = 0; i < 4; i++) {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    state[i] = (z ^ (z >>> 15) ^ hashText(`${i}/${text}`)) >>> 0;
  }
  if (state.every((word) => word === 0)) state[0] = 1;
  return {
    uint32: () => step(state),
    fork: (name) => seededRandom(`${text}/${name}`),
  };
}

function step(s: Uint32Array): number {
  const s0 = s[0] as number;
  const s1 = s[1] as number;
  const s2 = (s[2] as number) ^ s0;
  const s3 = (s[3] as number) ^ s1;
  const result = Math.imul(rotl(Math.imul(s1, 5), 7), 9) >>> 0;
  s[1] = s1 ^ s2;
  s[0] = s0 ^ s3;
  s[2] = s2 ^ (s1 << 9);
  s[3] = rotl(s3, 11);
  return result;
}

function rotl(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
