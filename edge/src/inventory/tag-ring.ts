import { assert } from '@tagtrail/shared/assert.js';

/**
 * A ring of `capacity` slots, one for each tag, and a hash table (open addressing, linear probing)
 * that finds a tag's slot by its EPC. Everything is allocated once: finding a tag that is known
 * allocates nothing. A slot keeps its EPC over generations, so the tags of a cabinet are interned
 * once; the cursor walks round the ring and reuses slots whose tag is not in the current generation.
 */
export class TagRing {
  readonly capacity: number;
  readonly #epcs: string[];
  readonly #generationOf: Uint32Array;
  /** Slot number plus one; 0 is free. */
  readonly #table: Uint32Array;
  readonly #mask: number;
  #generation = 1;
  #live = 0;
  #cursor = 0;

  constructor(capacity: number) {
    assert(capacity >= 1 && capacity <= 1 << 20, 'a tag ring holds 1 to 1048576 tags');
    let size = 8;
    while (size < capacity * 2) size *= 2;
    this.capacity = capacity;
    this.#epcs = new Array<string>(capacity).fill('');
    this.#generationOf = new Uint32Array(capacity);
    this.#table = new Uint32Array(size);
    this.#mask = size - 1;
  }

  /** Tags of the current generation. */
  get live(): number {
    return this.#live;
  }

  /** Forgets which tags were seen, not their EPCs. */
  nextGeneration(): void {
    this.#generation += 1;
    this.#live = 0;
  }

  /** The slot of a tag of the current generation; -1 when it has none. */
  find(epc: string): number {
    const slot = this.#lookUp(epc);
    return slot >= 0 && this.#generationOf[slot] === this.#generation ? slot : -1;
  }

  /** Gives a slot to a tag that has none in this generation; -1 when every slot is in use. */
  admit(epc: string): number {
    const known = this.#lookUp(epc);
    const slot = known >= 0 ? known : this.#freeSlot();
    if (slot < 0) return -1;
    if (known < 0) this.#intern(slot, epc);
    if (this.#generationOf[slot] !== this.#generation) this.#live += 1;
    this.#generationOf[slot] = this.#generation;
    return slot;
  }

  epcAt(slot: number): string {
    return this.#epcs[slot] as string;
  }

  isLive(slot: number): boolean {
    return this.#generationOf[slot] === this.#generation;
  }

  #lookUp(epc: string): number {
    let at = hashOf(epc) & this.#mask;
    for (;;) {
      const entry = this.#table[at] as number;
      if (entry === 0) return -1;
      if (this.#epcs[entry - 1] === epc) return entry - 1;
      at = (at + 1) & this.#mask;
    }
  }

  #freeSlot(): number {
    if (this.#live === this.capacity) return -1;
    while (this.#generationOf[this.#cursor] === this.#generation) this.#cursor = (this.#cursor + 1) % this.capacity;
    const slot = this.#cursor;
    this.#cursor = (this.#cursor + 1) % this.capacity;
    return slot;
  }

  #intern(slot: number, epc: string): void {
    if (this.#epcs[slot] !== '') this.#forget(this.#epcs[slot] as string);
    this.#epcs[slot] = epc;
    let at = hashOf(epc) & this.#mask;
    while (this.#table[at] !== 0) at = (at + 1) & this.#mask;
    this.#table[at] = slot + 1;
  }

  /** Takes an EPC out of the table and closes the gap, so that no probe ends too early. */
  #forget(epc: string): void {
    let gap = hashOf(epc) & this.#mask;
    while (this.#epcs[(this.#table[gap] as number) - 1] !== epc) gap = (gap + 1) & this.#mask;
    let at = gap;
    for (;;) {
      at = (at + 1) & this.#mask;
      const entry = this.#table[at] as number;
      if (entry === 0) break;
      const home = hashOf(this.#epcs[entry - 1] as string) & this.#mask;
      const fromHome = (at - home) & this.#mask;
      const fromGap = (at - gap) & this.#mask;
      if (fromHome >= fromGap) {
        this.#table[gap] = entry;
        gap = at;
      }
    }
    this.#table[gap] = 0;
  }
}

/** Characters of an EPC that are hashed: its last 48 bits, where every scheme keeps what tells two tags apart. */
const hashedDigits = 12;

/** FNV-1a over the last characters, mixed once more because EPCs of one batch differ in very few of them. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 ^ text.length;
  for (let i = Math.max(0, text.length - hashedDigits); i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}
