import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.js';
import { tagCrc } from '../protocol/mercury/mercury-crc.js';
import { epcVectors, linkPairs, mustNotEncode, storedCrcs } from './epc.vectors.js';
import { decodeEpc } from './epc-decode.js';
import { digitalLink, uriOfDigitalLink } from './epc-digital-link.js';
import { encodeEpc } from './epc-encode.js';
import { epcUri, rawUri } from './epc-uri.js';

const ours = ['sgtin-96', 'sscc-96', 'grai-96', 'giai-96'];
const numeric = epcVectors.filter(({ scheme }) => ours.includes(scheme));
const others = epcVectors.filter(({ scheme }) => !ours.includes(scheme));
const linked = epcVectors.filter(({ uri, link }) => link !== null && /^urn:epc:id:(sgtin|sscc|grai|giai):/.test(uri));
const notEncodable = expect.objectContaining({ code: 'epc.not_encodable' });

describe('decodeEpc', () => {
  it.each(numeric)('reads $id ($origin)', ({ hex, uri, tagUri }) => {
    expect(decodeEpc(hex)).toMatchObject({ uri, tagUri });
    expect(epcUri(hex.toLowerCase())).toBe(uri);
  });

  it.each(others)('leaves $id to its raw URI', ({ hex }) => {
    expect(decodeEpc(hex)).toBeNull();
    expect(epcUri(hex)).toBe(`urn:epc:raw:${hex.length * 4}.x${hex}`);
  });

  it.each([
    ['partition 7', '307C257BF7194E4000001A85'],
    ['a company prefix over its digits', '3403FFFFFFFFFF0000000001'],
    ['bits behind an SSCC', '3174257BF4499602D2000001'],
    ['a type where a GRAI has none', '3300393243FF744000000000'],
  ])('refuses %s', (_why, hex) => {
    expect(decodeEpc(hex)).toBeNull();
  });

  it('gives an identity that encodes to the same memory, whatever the memory is', () => {
    const memory = fc.tuple(fc.constantFrom(0x30, 0x31, 0x33, 0x34), fc.uint8Array({ minLength: 11, maxLength: 11 }));
    fc.assert(
      fc.property(memory, ([header, rest]) => {
        const hex = toHex(Uint8Array.of(header, ...rest));
        const decoded = decodeEpc(hex);
        if (decoded !== null) expect(encodeEpc(decoded.tagUri)).toBe(hex);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('encodeEpc', () => {
  it.each(numeric)('writes $id', ({ hex, uri, tagUri }) => {
    expect(encodeEpc(tagUri)).toBe(hex);
    expect(encodeEpc(uri, decodeEpc(hex)?.filter)).toBe(hex);
  });

  it.each(mustNotEncode)('refuses $uri: $why', ({ uri }) => {
    expect(() => encodeEpc(uri)).toThrow(notEncodable);
  });

  it.each([
    'urn:epc:id:sgtin:0614141.812345',
    'urn:epc:id:sgtin:0614141.12345.1',
    'urn:epc:id:sgtin:0614141.8123456.1',
    'urn:epc:id:giai:0614141.',
    'urn:epc:id:giai:0614141.1.2',
    'urn:epc:tag:giai-96:8.0614141.5678',
    'urn:epc:tag:giai-202:0.0614141.5678',
    'urn:epc:raw:95.xE28011606000020000000001',
    '',
  ])('refuses %j', (uri) => {
    expect(() => encodeEpc(uri)).toThrow(notEncodable);
  });

  it('refuses a filter that has no place', () => {
    expect(() => encodeEpc('urn:epc:id:giai:0614141.5678', 8)).toThrow(notEncodable);
  });

  it('takes back a raw URI', () => {
    expect(encodeEpc(rawUri('e28011606000020000000001'))).toBe('E28011606000020000000001');
  });
});

describe('epcUri', () => {
  it.each([
    ['E28011606000020000000001', 'urn:epc:raw:96.xE28011606000020000000001'],
    ['AABBCCDD', 'urn:epc:raw:32.xAABBCCDD'],
    ['000000000000000000001545', 'urn:epc:raw:96.x000000000000000000001545'],
  ])('names %s as %s', (hex, uri) => {
    expect(epcUri(hex)).toBe(uri);
  });

  it('names anything at all', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(epcUri(text)).toMatch(/^urn:epc:(id|raw):/);
      }),
    );
  });
});

describe('digitalLink', () => {
  it.each(linked)('links $uri', ({ uri, link }) => {
    expect(digitalLink(uri)).toBe(link);
  });

  it.each(linkPairs)('links $uri and finds back', ({ uri, link, prefixDigits }) => {
    expect(digitalLink(uri)).toBe(link);
    expect(uriOfDigitalLink(link, prefixDigits)).toBe(uri);
  });

  it.each([
    'urn:epc:id:giai:06141.1',
    'urn:epc:id:giai:0614141.',
    'urn:epc:raw:96.x00',
    'urn:epc:id:sgtin:0614141.1.1',
  ])('refuses %s', (uri) => {
    expect(() => digitalLink(uri)).toThrow(expect.objectContaining({ code: 'epc.no_digital_link' }));
  });

  it.each([
    ['https://id.gs1.org/01/80614141123459/21/6789', 7],
    ['https://id.gs1.org/01/80614141123458/21/6789', 5],
    ['https://id.gs1.org/414/0614141123452', 7],
    ['nonsense', 7],
  ])('finds no identity behind %s with a prefix of %i digits', (link, prefixDigits) => {
    expect(() => uriOfDigitalLink(link, prefixDigits)).toThrow(
      expect.objectContaining({ code: 'epc.no_digital_link' }),
    );
  });
});

describe('the CRC that a tag stores', () => {
  it.each(storedCrcs)('fits $epc ($origin)', ({ pc, epc, crc }) => {
    expect(tagCrc(fromHex(pc + epc))).toBe(Number.parseInt(crc, 16));
  });
});

const research = new URL('../../../../shared/data/vectors/epc.json', import.meta.url);

describe.skipIf(!existsSync(research))('EPCs against the research vectors (skipped where they are absent)', () => {
  it('agree with all of them', () => {
    const { vectors, rawUris } = JSON.parse(readFileSync(research, 'utf8')) as {
      vectors: { hex: string; scheme?: string; tagUri: string; pureIdentityUri: string }[];
      rawUris: { hex: string; uri: string }[];
    };
    for (const { hex, scheme, tagUri, pureIdentityUri } of vectors) {
      if (scheme === undefined || !ours.includes(scheme)) continue;
      expect(decodeEpc(hex)).toMatchObject({ uri: pureIdentityUri, tagUri });
      expect(encodeEpc(tagUri)).toBe(hex);
    }
    for (const { hex, uri } of rawUris) expect(epcUri(hex)).toBe(uri);
  });
});
