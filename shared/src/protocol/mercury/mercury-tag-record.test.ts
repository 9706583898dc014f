import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { ByteCursor } from '../byte-cursor.js';
import { mercuryVectors } from './mercury.vectors.js';
import { opcode } from './mercury-constants.js';
import { decodeStreamReply } from './mercury-continuous-commands.js';
import { mercuryCrc, tagCrc } from './mercury-crc.js';
import { knownStatuses, status, statusSentence } from './mercury-status.js';
import { decodeTagRecord, encodeTagRecord } from './mercury-tag-record.js';

function hexOf(id: string): string {
  return mercuryVectors.find((vector) => vector.id === id)?.hex ?? `no vector ${id}`;
}

function dataOf(id: string): Uint8Array {
  return fromHex(hexOf(id)).slice(5, -2);
}

describe('decodeTagRecord', () => {
  const even = fc.uint8Array({ minLength: 0, maxLength: 31 }).map((bytes) => toHex(bytes) + toHex(bytes));

  it('gives back what was encoded, for every set of metadata', () => {
    fc.assert(
      fc.property(
        even,
        fc.integer({ min: 0, max: 0x3fff }),
        fc.integer({ min: -128, max: 0 }),
        (epc, flags, rssiDbm) => {
          const record = { epc, rssiDbm, txPort: 16, readCount: 9, frequencyKHz: 866_300, timestampMs: 4_000_000_000 };
          const cursor = new ByteCursor(encodeTagRecord(record, flags));
          const decoded = decodeTagRecord(cursor, flags);
          expect(cursor.done).toBe(true);
          expect(decoded).toMatchObject({
            epc,
            xpc: '',
            epcCrcValid: true,
            rssiDbm: (flags & 2) !== 0 ? rssiDbm : null,
            txPort: (flags & 4) !== 0 ? 16 : null,
            timestampMs: (flags & 16) !== 0 ? 4_000_000_000 : null,
          });
        },
      ),
    );
  });

  it.each(['0001', '80010002'])('sets the extended control words %s apart from the EPC', (xpc) => {
    const decoded = decodeTagRecord(new ByteCursor(encodeTagRecord({ epc: 'AABBCCDD', xpc }, 0)), 0);
    expect(decoded).toMatchObject({ epc: 'AABBCCDD', xpc, epcCrcValid: true });
  });

  it('reads the data and the error of an embedded command', () => {
    const data = { bits: 32, bytes: Uint8Array.of(1, 2, 3, 4) };
    expect(decodeTagRecord(new ByteCursor(encodeTagRecord({ epc: 'AABB', data }, 0x80)), 0x80)).toMatchObject({ data });
    const failed = encodeTagRecord({ epc: 'AABB', dataError: status.noData }, 0x80);
    expect(decodeTagRecord(new ByteCursor(failed), 0x80)).toMatchObject({ data: null, dataError: 0x0404 });
  });

  it('flags a tag whose own CRC is wrong', () => {
    const reply = { op: opcode.search, status: 0, data: dataOf('calc-rsp-stream-tag-bad-epc-crc') };
    expect(decodeStreamReply(reply)).toMatchObject({ kind: 'tag', tag: { epcCrcValid: false } });
  });
});

describe('mercuryCrc', () => {
  it('has the published check value', () => {
    expect(mercuryCrc(new TextEncoder().encode('123456789'))).toBe(0xa69d);
  });

  it('is another one than the CRC of tags', () => {
    expect(tagCrc(fromHex('3000E200322FE20DF9311328B7E3'))).toBe(0xd100);
  });
});

describe('statusSentence', () => {
  it('has a sentence for every status that we name', () => {
    for (const code of Object.values(status)) expect(knownStatuses).toContain(code);
    for (const code of knownStatuses) expect(statusSentence(code)).toMatch(/^[A-Z].*\.$/);
  });

  it('names an unknown status', () => {
    expect(statusSentence(0x1234)).toBe('The reader reports status 1234.');
  });
});
