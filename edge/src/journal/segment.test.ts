import { chainGenesis, nextChainOfBody } from '@tagtrail/shared/chain/record-chain.js';
import { describe, expect, it } from 'vitest';
import { anAddress, anEvent, sha256 } from '../testing/journal-fixtures.js';
import { recoverLog, scanSegment } from './recover.js';
import { decodeHeader, decodeRecord, encodeBody, encodeHeader, encodeRecords, type RecordToWrite } from './segment.js';

const header = { v: 1 as const, ...anAddress, log: 'ab'.repeat(16), first: 1, prev: chainGenesis };

/** Three groups: records 1-2, 3-5 and 6. */
function aSegment() {
  let chain = chainGenesis;
  const records: RecordToWrite[] = [1, 2, 3, 4, 5, 6].map((seq) => {
    const body = encodeBody(anEvent(seq));
    const record = { body, prev: chain, startsGroup: seq === 1 || seq === 3 || seq === 6 };
    chain = nextChainOfBody(sha256, chain, body);
    return record;
  });
  const head = encodeHeader(header);
  const bytes = new Uint8Array([...head, ...encodeRecords(records)]);
  const ends: number[] = [head.length];
  for (let at = head.length; at < bytes.length; ) {
    const record = decodeRecord(bytes, at);
    if (record.kind !== 'record') break;
    ends.push(record.end);
    at = record.end;
  }
  return { bytes, ends, chain };
}

const { bytes, ends, chain } = aSegment();

describe('a segment', () => {
  it('gives back its header and its records', () => {
    expect(decodeHeader(bytes)).toEqual({ header, end: ends[0] });
    expect(decodeRecord(bytes, ends[2] as number)).toMatchObject({
      kind: 'record',
      event: anEvent(3),
      startsGroup: true,
    });
    expect(ends).toHaveLength(7);
  });

  it('ends at zeros', () => {
    expect(decodeRecord(new Uint8Array(100), 0)).toEqual({ kind: 'end' });
  });

  it('recovers everything, with space that was taken and not used behind it', () => {
    const padded = new Uint8Array(bytes.length + 999);
    padded.set(bytes);
    const scanned = scanSegment(padded, sha256);
    expect(scanned).toMatchObject({ header, unreadableBytes: 0, usedBytes: bytes.length });
    expect(recoverLog([{ name: 'a', scanned }])).toMatchObject({ last: 6, chain, damaged: [] });
  });

  it('recovers exactly the whole records of every truncation', () => {
    for (let length = ends[0] as number; length <= bytes.length; length++) {
      const scanned = scanSegment(bytes.slice(0, length), sha256);
      const whole = ends.filter((end) => end <= length).length - 1;
      expect(recoverLog([{ name: 'a', scanned }])).toMatchObject({ last: whole, damaged: [] });
    }
  });

  it('keeps every other record at any single bit flip, and calls it damage where confirmed records follow', () => {
    for (let bit = 8 * (ends[0] as number); bit < 8 * bytes.length; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      const broken = ends.findIndex((end) => end > bit >> 3);
      const recovered = recoverLog([{ name: 'a', scanned: scanSegment(flipped, sha256) }]);
      const proven = broken < 6;
      expect(recovered.damaged).toEqual(proven ? [{ from: broken, to: broken }] : []);
      expect(recovered.last).toBe(proven ? 6 : broken - 1);
      expect(recovered.chain).toBe(
        proven ? chain : scanSegment(bytes.slice(0, ends[broken - 1]), sha256).runs[0]?.chain,
      );
    }
  });

  it('keeps every record when a bit of the header flips', () => {
    for (let bit = 0; bit < 8 * (ends[0] as number); bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      const scanned = scanSegment(flipped, sha256);
      expect(scanned.header).toBeUndefined();
      expect(scanned.runs.map(({ first, last }) => [first, last])).toEqual([[1, 6]]);
    }
  });

  it('takes half a group at the end for a torn tail, whichever half is left', () => {
    const torn = bytes.slice(0, ends[5]);
    torn.fill(0, ends[2], ends[4]);
    const recovered = recoverLog([{ name: 'a', scanned: scanSegment(torn, sha256) }]);
    expect(recovered).toMatchObject({ last: 2, damaged: [] });
  });

  it('takes the first group of a new segment for torn when its beginning is missing', () => {
    const next = encodeHeader({ ...header, first: 7, prev: chain });
    const group = [7, 8, 9].map((seq) => ({ body: encodeBody(anEvent(seq)), prev: chain, startsGroup: seq === 7 }));
    const records = encodeRecords(group);
    records.fill(0, 0, 40);
    const segments = [bytes, new Uint8Array([...next, ...records])];
    const scanned = segments.map((file, i) => ({ name: `${i}`, scanned: scanSegment(file, sha256) }));
    expect(recoverLog(scanned)).toMatchObject({ last: 6, chain, damaged: [] });
  });

  it('takes a lost sector before confirmed records for damage', () => {
    const lost = bytes.slice();
    lost.fill(0, (ends[1] as number) + 3, (ends[3] as number) + 20);
    const recovered = recoverLog([{ name: 'a', scanned: scanSegment(lost, sha256) }]);
    expect(recovered).toMatchObject({ last: 6, damaged: [{ from: 2, to: 4 }] });
  });
});
