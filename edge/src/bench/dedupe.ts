import { toHex } from '@tagtrail/shared/bytes/hex.js';
import { createHexIntern } from '@tagtrail/shared/bytes/hex-intern.js';
import { below } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { LRUCache } from 'lru-cache';
import { ReadDedupe } from '../inventory/dedupe.js';
import { inTurn, printResult, rounded } from './measure.js';

// Both sides start from the same bytes: tag records as they lie in a reader's frames. Ours takes the
// EPC's text from the table that the tag decoder uses, then folds; the lru-cache package needs a key,
// so it writes the EPC with the decoder's plain `toHex`, then folds the same way. Both fold first and
// last time, count, best RSSI and antennas. `warmStringsRatio` is the fold alone, with keys that both
// sides find ready, once made and always the same.
const tags = 400;
const count = 1_000_000;
const recordBytes = 16;
const random = seededRandom('bench dedupe');
const epcs = Array.from({ length: tags }, (_, i) => [0xe2, 0x80, 0x11, 0x70, 0, 0, 2, 0x0a, 0, 0, i >>> 8, i & 0xff]);
const records = new Uint8Array(count * recordBytes);
const textOf = epcs.map((epc) => toHex(Uint8Array.from(epc)).toUpperCase());
const tagOf = new Uint16Array(count);
for (let i = 0; i < count; i++) {
  tagOf[i] = below(random, tags);
  records.set(
    [1, 256 - 70 + below(random, 30), 1 + below(random, 4), 0, ...(epcs[tagOf[i] as number] ?? [])],
    i * recordBytes,
  );
}

/** One read, filled anew for each record, so that what allocates is the fold and nothing else. */
const read = { epc: '', antenna: 0, rssiDbm: 0, count: 0, atMs: 0 };

function take(i: number, epc: string): void {
  const at = i * recordBytes;
  read.epc = epc;
  read.count = records[at] as number;
  read.rssiDbm = (records[at + 1] as number) - 256;
  read.antenna = records[at + 2] as number;
  read.atMs = i;
}

type KeyOf = (i: number) => string;
const intern = createHexIntern(4096);
const interned: KeyOf = (i) => intern(records, i * recordBytes + 4, i * recordBytes + 16);
const written: KeyOf = (i) => toHex(records, i * recordBytes + 4, i * recordBytes + 16);
const ready: KeyOf = (i) => textOf[tagOf[i] as number] as string;

const dedupe = new ReadDedupe({ capacity: 2048, antennas: [1, 2, 3, 4] });

function ours(keyOf: KeyOf): void {
  dedupe.clear();
  for (let i = 0; i < count; i++) {
    take(i, keyOf(i));
    dedupe.offer(read);
  }
  if (dedupe.size !== tags) process.exitCode = 1;
}

interface Folded {
  readonly firstAtMs: number;
  lastAtMs: number;
  reads: number;
  bestRssiDbm: number;
  antennas: number;
}

const cache = new LRUCache<string, Folded>({ max: 2048 });

function theirs(keyOf: KeyOf): void {
  cache.clear();
  for (let i = 0; i < count; i++) {
    take(i, keyOf(i));
    const bit = 1 << (read.antenna - 1);
    const known = cache.get(read.epc);
    if (known === undefined) {
      const { atMs, count: reads, rssiDbm } = read;
      cache.set(read.epc, { firstAtMs: atMs, lastAtMs: atMs, reads, bestRssiDbm: rssiDbm, antennas: bit });
    } else {
      known.lastAtMs = read.atMs;
      known.reads += read.count;
      known.antennas |= bit;
      if (read.rssiDbm > known.bestRssiDbm) known.bestRssiDbm = read.rssiDbm;
    }
  }
  if (cache.size !== tags) process.exitCode = 1;
}

/** Bytes of heap that a million duplicates, from bytes to fold, leave behind before any collection. */
function heapOfDuplicates(): number {
  ours(interned);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < count; i++) {
    take(i, interned(i));
    dedupe.offer(read);
  }
  return Math.max(0, process.memoryUsage().heapUsed - before);
}

const fromBytes = await inTurn(
  7,
  () => ours(interned),
  () => theirs(written),
);
const warm = await inTurn(
  7,
  () => ours(ready),
  () => theirs(ready),
);
printResult({
  bench: 'edge:dedupe',
  reads: count,
  tags,
  oursReadsPerS: Math.round(count / fromBytes.oursS),
  lruCacheReadsPerS: Math.round(count / fromBytes.theirsS),
  ratio: rounded(fromBytes.theirsS / fromBytes.oursS),
  warmStringsRatio: rounded(warm.theirsS / warm.oursS),
  heapBytesPerDuplicate: rounded(heapOfDuplicates() / count, 3),
});
