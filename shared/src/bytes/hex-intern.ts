import { assert } from '../assert.js';
import { toHex } from './hex.js';

/** Longer byte strings are not kept: EPCs have 12 bytes, rarely 16. */
const longestKept = 32;
/** Neighbouring places where one text may stand; the last of them is given up for a new one. */
const ways = 4;

/**
 * `toHex` that remembers what it has written: the same bytes give the same string, and writing it
 * again allocates nothing. A reader reports the same few hundred EPCs over and over. The memory is
 * fixed: `capacity` texts, a power of two.
 */
export function createHexIntern(capacity: number): (bytes: Uint8Array, from: number, to: number) => string {
  assert(capacity >= ways && (capacity & (capacity - 1)) === 0, 'the capacity of a hex table is a power of two');
  const mask = capacity - 1;
  const texts = new Array<string>(capacity).fill('');
  const lengths = new Uint8Array(capacity);
  const kept = new Uint8Array(capacity * longestKept);

  const isAt = (place: number, bytes: Uint8Array, from: number, length: number): boolean => {
    if (lengths[place] !== length) return false;
    const start = place * longestKept;
    for (let i = length - 1; i >= 0; i--) if (kept[start + i] !== bytes[from + i]) return false;
    return true;
  };

  return (bytes, from, to) => {
    const length = to - from;
    if (length < 1 || length > longestKept || to > bytes.length) return toHex(bytes, from, to);
    const home = hashOf(bytes, from, to) & mask;
    let free = (home + ways - 1) & mask;
    for (let way = 0; way < ways; way++) {
      const place = (home + way) & mask;
      if (isAt(place, bytes, from, length)) return texts[place] as string;
      if (lengths[place] === 0) {
        free = place;
        break;
      }
    }
    // Joined pieces become one flat string here, once, and not at every comparison.
    const text = toHex(bytes, from, to).toUpperCase();
    texts[free] = text;
    lengths[free] = length;
    kept.set(bytes.subarray(from, to), free * longestKept);
    return text;
  };
}

/** FNV-1a over the last eight bytes, where every EPC scheme keeps what tells two tags apart. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 ^ (to - from);
  for (let i = Math.max(from, to - 8); i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
