import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import { below } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { LRUCache } from 'lru-cache';
import { ReadDedupe } from '../inventory/dedupe.js';
import { inTurn, printResult, rounded } from './measure.js';

// The same reads through our dedupe and through the lru-cache package doing the same folding:
// first and last time, count, best RSSI and antennas of each tag.
const tags = 400;
const count = 1_000_000;
const random = seededRandom('bench dedupe');
const epcs = Array.from({ length: tags }, (_, i) => `E28011700000020A${i.toString(16).toUpperCase().padStart(8, '0')}`);
const reads: TagRead[] = Array.from({ length: count }, (_, i) => ({
  // A fresh string each time, as the parser makes one: the cost of hashing it belongs to both sides.
  epc: Buffer.from(epcs[below(random, tags)] as string, 'latin1').toString('latin1'),
  antenna: 1 + below(random, 4),
  rssiDbm: -70 + below(random, 30),
  count: 1,
  atMs: i,
}));

interface Folded {
  firstAtMs: number;
  lastAtMs: number;
  reads: number;
  bestRssiDbm: number;
  antennas: number;
}

function ours(): void {
  const dedupe = new ReadDedupe({ capacity: 2048, antennas: [1, 2, 3, 4] });
  for (const read of reads) dedupe.offer(read);
  if (dedupe.size !== tags) process.exitCode = 1;
}

function theirs(): void {
  const cache = new LRUCache<string, Folded>({ max: 2048 });
  for (const read of reads) {
    const known = cache.get(read.epc);
    if (known === undefined) {
      cache.set(read.epc, {
        firstAtMs: read.atMs,
        lastAtMs: read.atMs,
        reads: read.count,
        bestRssiDbm: read.rssiDbm,
        antennas: 1 << (read.antenna - 1),
      });
    } else {
      known.lastAtMs = read.atMs;
      known.reads += read.count;
      known.antennas |= 1 << (read.antenna - 1);
      if (read.rssiDbm > known.bestRssiDbm) known.bestRssiDbm = read.rssiDbm;
    }
  }
  if (cache.size !== tags) process.exitCode = 1;
}

/** Bytes of heap that a million duplicates of known tags leave behind before any collection. */
function heapOfDuplicates(): number {
  const dedupe = new ReadDedupe({ capacity: 2048, antennas: [1, 2, 3, 4] });
  for (const read of reads) dedupe.offer(read);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (const read of reads) dedupe.offer(read);
  return Math.max(0, process.memoryUsage().heapUsed - before);
}

const { oursS, theirsS } = await inTurn(7, ours, theirs);
printResult({
  bench: 'edge:dedupe',
  reads: count,
  tags,
  oursReadsPerS: Math.round(count / oursS),
  lruCacheReadsPerS: Math.round(count / theirsS),
  ratio: rounded(theirsS / oursS),
  heapBytesPerDuplicate: rounded(heapOfDuplicates() / count, 3),
});
