import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../bytes/utf8.js';
import { type AsciiLineProfile, createAsciiLineParser, encodeAsciiLine } from './ascii-line-parser.js';
import { lineNumber } from './line-number.js';
import { maxLineBytes, readLinePattern } from './line-pattern.js';

const usual: AsciiLineProfile = {
  terminator: 'crlf',
  prefix: '',
  suffix: '',
  pattern: /^([0-9A-Fa-f]+)$/,
  radix: 16,
  digits: 10,
};

function bench(profile: Partial<AsciiLineProfile> = {}) {
  const numbers: string[] = [];
  const discarded: [string, number][] = [];
  let lineBytes = 0;
  const parser = createAsciiLineParser({
    profile: { ...usual, ...profile },
    onNumber: (number, bytes) => {
      numbers.push(number);
      lineBytes += bytes;
    },
    onDiscard: (reason, bytes) => discarded.push([reason, bytes]),
  });
  const accounted = (): number =>
    lineBytes + discarded.reduce((sum, [, bytes]) => sum + bytes, 0) + parser.pendingBytes;
  return { parser, numbers, discarded, accounted };
}

describe('the ASCII line parser', () => {
  it.each([
    ['hex line', {}, '1F00644bb6\r\n', ['1F00644BB6']],
    ['short number', {}, '64BB6\r\n', ['0000064BB6']],
    ['decimal', { radix: 10 }, '0006572982\r\n', ['0000644BB6']],
    ['prefix and suffix', { prefix: 'ID:', suffix: ';', terminator: 'cr' }, 'ID:1F;\r', ['000000001F']],
    [
      'group of a longer line',
      { pattern: /^No,(\d+),\d+$/, radix: 10, terminator: 'lf' },
      'No,255,7\n',
      ['00000000FF'],
    ],
    ['wrong prefix', { prefix: 'ID:' }, 'XX:1F\r\n', []],
    ['number too long for the identity', { digits: 4 }, '12345\r\n', []],
    ['CR without LF', {}, '1F\r1F\r\n', ['000000001F']],
    ['LF without CR', {}, '1F\n', []],
    ['no number in the group', { pattern: /^(.+)$/ }, 'hello\r\n', []],
    ['a byte that is not ASCII', {}, '1F\u0000\r\n', []],
  ] as const)('reads a %s', (_what, profile, text, expected) => {
    const { parser, numbers, accounted } = bench(profile);
    parser.push(utf8Bytes(text));
    expect(numbers).toEqual(expected);
    expect(accounted()).toBe(text.length);
  });

  it('drops a line that is too long to its very end', () => {
    const { parser, numbers, discarded } = bench();
    parser.push(utf8Bytes(`${'1'.repeat(maxLineBytes + 5)}\r\n22\r\n`));
    expect(numbers).toEqual(['0000000022']);
    expect(discarded.every(([reason]) => reason === 'overlong')).toBe(true);
  });

  it('gives up a line without an end', () => {
    const { parser, numbers, discarded } = bench();
    parser.push(utf8Bytes('12'));
    parser.flushStale();
    parser.push(utf8Bytes('34\r\n'));
    expect(numbers).toEqual(['0000000034']);
    expect(discarded).toEqual([['stale', 2]]);
  });

  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 0xffffffffffn }),
        fc.constantFrom('cr', 'lf', 'crlf'),
        (value, terminator) => {
          const { parser, numbers } = bench({ terminator });
          parser.push(encodeAsciiLine(value.toString(16), { ...usual, terminator }));
          expect(numbers).toEqual([value.toString(16).toUpperCase().padStart(10, '0')]);
        },
      ),
    );
  });

  it('accounts for every byte of any line and holds little', () => {
    const likely = fc.oneof(fc.constantFrom(0x0d, 0x0a, 0x31, 0x41), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(likely, { maxLength: 400 }), fc.constantFrom('cr', 'lf', 'crlf'), (bytes, terminator) => {
        const { parser, accounted } = bench({ terminator });
        parser.push(Uint8Array.from(bytes));
        expect(accounted()).toBe(bytes.length);
        expect(parser.pendingBytes).toBeLessThanOrEqual(maxLineBytes + 1);
        parser.flushStale();
        expect(parser.pendingBytes).toBe(0);
        expect(accounted()).toBe(bytes.length);
      }),
    );
  });
});

describe('readLinePattern', () => {
  it.each(['^([0-9A-F]+)$', 'Card (\\d{4,10}) ok', '^(?:No|Nr)\\.(\\d+)$', '^[(]([^)]+)[)]$'])('takes %s', (pattern) =>
    expect(readLinePattern(pattern)).toBeInstanceOf(RegExp),
  );
  it.each([
    ['no group', '^\\d+$'],
    ['two groups', '(a)(b)'],
    ['not a regular expression', '(('],
    ['a repeated group', '^(a+)+$'],
    ['a repeated inner group', '^((?:a|aa)*)b$'],
    ['a back reference', '(a)\\1'],
    ['a look ahead', '(?=a)(b)'],
    ['too many repetitions', 'a*a*a*(a*)b'],
  ])('refuses %s', (_why, pattern) => expect(readLinePattern(pattern)).toBeNull());
});

describe('lineNumber', () => {
  it('never cuts a number', () => expect(lineNumber('12345678901', { radix: 16, digits: 10 })).toBeNull());
  it('drops leading zeros beyond the digits', () =>
    expect(lineNumber('000012345678', { radix: 16, digits: 8 })).toBe('12345678'));
});
