import { PacketLengthParser } from '@serialport/parser-packet-length';
import { encodeReply } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { createMercuryParser } from '@tagtrail/shared/protocol/mercury/mercury-parser.js';
import { below, chance, randomBytes } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { inTurn, printResult, rounded } from './measure.js';

// One Mercury stream with garbage between frames, through our framer (which checks every CRC) and
// through the length parser of the serialport family (which checks none and loses frames).
const frames = 40_000;
const random = seededRandom('bench parse');
const parts: Uint8Array[] = [];
for (let i = 0; i < frames; i++) {
  parts.push(encodeReply(0x22, 0, randomBytes(random, 34)));
  if (chance(random, 1, 20)) parts.push(randomBytes(random, 1 + below(random, 12)));
}
const stream = Buffer.concat(parts);
const chunks: Buffer[] = [];
for (let at = 0; at < stream.length; ) {
  const size = 1 + below(random, 200);
  chunks.push(stream.subarray(at, at + size));
  at += size;
}

let oursFound = 0;
function ours(): void {
  oursFound = 0;
  const parser = createMercuryParser({ direction: 'reply', onFrame: () => void oursFound++, onDiscard: () => {} });
  for (const chunk of chunks) parser.push(chunk);
  while (parser.pendingBytes > 0) parser.flushStale();
}

let theirsFound = 0;
async function theirs(): Promise<void> {
  theirsFound = 0;
  const parser = new PacketLengthParser({ delimiter: 0xff, packetOverhead: 7, lengthBytes: 1, lengthOffset: 1 });
  parser.on('data', () => void theirsFound++);
  for (const chunk of chunks) parser.write(chunk);
  await new Promise<void>((resolve) => parser.end(resolve));
}

const { oursS, theirsS } = await inTurn(5, ours, theirs);
printResult({
  bench: 'edge:parse',
  bytes: stream.length,
  frames,
  oursFound,
  oursLost: frames - oursFound,
  oursMBPerS: rounded(stream.length / oursS / 1e6),
  packetLengthFound: theirsFound,
  packetLengthMBPerS: rounded(stream.length / theirsS / 1e6),
  ratio: rounded(theirsS / oursS),
});
