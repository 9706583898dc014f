import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import { TagRing } from './tag-ring.js';

/**
 * Folds tag reads into one sighting for each EPC. This is the hot path: a reader reports hundreds
 * of reads a second and nearly all repeat a tag that is known, so a repeat allocates nothing.
 * Every read leaves as exactly one counted outcome; a full ring is counted, never silent.
 */
export type ReadOutcome = 'new' | 'duplicate' | 'overflow' | 'malformed' | 'foreign_antenna';

export interface ReadCounts {
  readonly new: number;
  readonly duplicate: number;
  readonly overflow: number;
  readonly malformed: number;
  readonly foreignAntenna: number;
}

/** What was seen of one tag since the last `clear`. */
export interface Sighting {
  readonly epc: string;
  readonly reads: number;
  /** Full rounds in which it was read. */
  readonly rounds: number;
  /** Full rounds of those that ask every tag, in which it could have been read: once it has answered for the rest, none. */
  readonly asked: number;
  /** Full rounds in which it was read of those that ask a few tags alone; `rounds` has them too. */
  readonly focusRounds: number;
  /** Full rounds that had ended when it was first read. */
  readonly afterRounds: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly bestRssiDbm: number;
  readonly antennas: readonly number[];
}

/** Whom a round asked, see `SweepPlan`. */
export type RoundKind = 'usual' | 'rest' | 'only';

/** EPC memory in whole words; anything else cannot be an identity and would be refused by the trail. */
const wellFormedEpc = /^(?:[0-9A-F]{4}){1,31}$/;

export class ReadDedupe {
  readonly #ring: TagRing;
  readonly #antennaMask: number;
  readonly #firstAtMs: Float64Array;
  readonly #lastAtMs: Float64Array;
  readonly #reads: Uint32Array;
  readonly #rounds: Uint32Array;
  readonly #asked: Uint32Array;
  readonly #focusRounds: Uint32Array;
  readonly #afterRounds: Uint32Array;
  readonly #bestRssiDbm: Int16Array;
  readonly #antennas: Uint32Array;
  readonly #inThisRound: Uint8Array;
  #roundsEnded = 0;
  /** Of these, the ones that asked everybody. */
  #generalEnded = 0;
  #new = 0;
  #duplicate = 0;
  #overflow = 0;
  #malformed = 0;
  #foreignAntenna = 0;

  /** Reads of antennas (1 to 32) that are not listed are counted and left out. */
  constructor(options: { readonly capacity: number; readonly antennas: readonly number[] }) {
    const { capacity } = options;
    this.#ring = new TagRing(capacity);
    this.#antennaMask = options.antennas.reduce((mask, antenna) => mask | bitOf(antenna), 0);
    this.#firstAtMs = new Float64Array(capacity);
    this.#lastAtMs = new Float64Array(capacity);
    this.#reads = new Uint32Array(capacity);
    this.#rounds = new Uint32Array(capacity);
    this.#asked = new Uint32Array(capacity);
    this.#focusRounds = new Uint32Array(capacity);
    this.#afterRounds = new Uint32Array(capacity);
    this.#bestRssiDbm = new Int16Array(capacity);
    this.#antennas = new Uint32Array(capacity);
    this.#inThisRound = new Uint8Array(capacity);
  }

  offer(read: TagRead): ReadOutcome {
    const bit = bitOf(read.antenna);
    if ((bit & this.#antennaMask) === 0) {
      this.#foreignAntenna += 1;
      return 'foreign_antenna';
    }
    const slot = this.#ring.find(read.epc);
    if (slot < 0) return this.#offerNew(read, bit);
    this.#lastAtMs[slot] = read.atMs;
    this.#reads[slot] = (this.#reads[slot] as number) + read.count;
    this.#antennas[slot] = (this.#antennas[slot] as number) | bit;
    if (read.rssiDbm > (this.#bestRssiDbm[slot] as number)) this.#bestRssiDbm[slot] = read.rssiDbm;
    this.#inThisRound[slot] = 1;
    this.#duplicate += 1;
    return 'duplicate';
  }

  #offerNew(read: TagRead, bit: number): ReadOutcome {
    if (!wellFormedEpc.test(read.epc)) {
      this.#malformed += 1;
      return 'malformed';
    }
    const slot = this.#ring.admit(read.epc);
    if (slot < 0) {
      this.#overflow += 1;
      return 'overflow';
    }
    this.#firstAtMs[slot] = read.atMs;
    this.#lastAtMs[slot] = read.atMs;
    this.#reads[slot] = read.count;
    this.#rounds[slot] = 0;
    this.#asked[slot] = this.#generalEnded;
    this.#focusRounds[slot] = 0;
    this.#afterRounds[slot] = this.#roundsEnded;
    this.#bestRssiDbm[slot] = read.rssiDbm;
    this.#antennas[slot] = bit;
    this.#inThisRound[slot] = 1;
    this.#new += 1;
    return 'new';
  }

  /**
   * Ends a round. One that does not count (cut short, reader away) keeps its reads but adds to no tag's rounds.
   * Neither does a round of kind `only` to a tag that it did not name: a tag that misses the Select of a round
   * keeps what an earlier one told it, and answers. It is there, but nothing was asked, so no rate follows.
   */
  endRound(counts: boolean, kind: RoundKind = 'usual', named: readonly string[] = []): void {
    if (counts) this.#roundsEnded += 1;
    if (counts && kind !== 'only') this.#generalEnded += 1;
    const namedSlots = new Set(named.map((epc) => this.#ring.find(epc)));
    for (let slot = 0; slot < this.#ring.capacity; slot++) {
      if (!this.#ring.isLive(slot)) continue;
      const wasRead = this.#inThisRound[slot] as number;
      this.#inThisRound[slot] = 0;
      if (!counts) continue;
      const seen = kind === 'only' && !namedSlots.has(slot) ? 0 : wasRead;
      this.#rounds[slot] = (this.#rounds[slot] as number) + seen;
      if (kind === 'only') this.#focusRounds[slot] = (this.#focusRounds[slot] as number) + seen;
      else this.#asked[slot] = (this.#asked[slot] as number) + (kind === 'usual' ? 1 : seen);
    }
  }

  /** True when the tag was read in the round that goes on. */
  isInThisRound(epc: string): boolean {
    const slot = this.#ring.find(epc);
    return slot >= 0 && this.#inThisRound[slot] === 1;
  }

  /** Starts over: what was seen before counts for nothing, the counters go on. */
  clear(): void {
    this.#ring.nextGeneration();
    this.#roundsEnded = 0;
    this.#generalEnded = 0;
  }

  /** Tags seen since `clear`. */
  get size(): number {
    return this.#ring.live;
  }

  get counts(): ReadCounts {
    return {
      new: this.#new,
      duplicate: this.#duplicate,
      overflow: this.#overflow,
      malformed: this.#malformed,
      foreignAntenna: this.#foreignAntenna,
    };
  }

  /** Every tag seen since `clear`, by EPC. */
  sightings(): readonly Sighting[] {
    const list: Sighting[] = [];
    for (let slot = 0; slot < this.#ring.capacity; slot++) {
      if (this.#ring.isLive(slot)) list.push(this.#sightingAt(slot));
    }
    return list.sort((a, b) => (a.epc < b.epc ? -1 : 1));
  }

  #sightingAt(slot: number): Sighting {
    const antennas: number[] = [];
    const mask = this.#antennas[slot] as number;
    for (let antenna = 1; antenna <= 32; antenna++) if ((mask & bitOf(antenna)) !== 0) antennas.push(antenna);
    return {
      epc: this.#ring.epcAt(slot),
      reads: this.#reads[slot] as number,
      rounds: this.#rounds[slot] as number,
      asked: this.#asked[slot] as number,
      focusRounds: this.#focusRounds[slot] as number,
      afterRounds: this.#afterRounds[slot] as number,
      firstAtMs: this.#firstAtMs[slot] as number,
      lastAtMs: this.#lastAtMs[slot] as number,
      bestRssiDbm: this.#bestRssiDbm[slot] as number,
      antennas,
    };
  }
}

function bitOf(antenna: number): number {
  return antenna >= 1 && antenna <= 32 ? 1 << (antenna - 1) : 0;
}
