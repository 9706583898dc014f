import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from './canonical.js';

/** RFC 8785 section 3.2.3, word for word: every object's members put in order before anything is written. */
function inOrder(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const object = value as { readonly [key: string]: Json };
  const entries = Object.keys(object)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key): [string, Json] => [key, inOrder(object[key] as Json)]);
  return Object.fromEntries(entries);
}

describe('canonical JSON', () => {
  it('sorts by code units, as the example of RFC 8785 section 3.2.3 says', () => {
    const members = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const written = [...canonicalJson(members).matchAll(/:"(.*?)"/g)].map(([, value]) => value);
    expect(written).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('writes numbers as ECMAScript does', () => {
    expect(canonicalJson([333333333.3333333, 1e30, 4.5, 0.002, 1e-27, -0])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    );
  });

  it('writes names that are numbers by their characters, not by their values', () => {
    expect(canonicalJson({ 10: 'b', 9: 'c', 1: 'a', 'a b': { 2: 0, 11: 0 } })).toBe(
      '{"1":"a","10":"b","9":"c","a b":{"11":0,"2":0}}',
    );
  });

  it('leaves out what is undefined and writes a member with the name of the prototype', () => {
    const smuggled = JSON.parse('{"b":1,"__proto__":{"z":1,"a":2}}') as Json;
    expect(canonicalJson({ z: undefined, a: [{ y: undefined, x: 1 }] })).toBe('{"a":[{"x":1}]}');
    expect(canonicalJson(smuggled)).toBe('{"__proto__":{"a":2,"z":1},"b":1}');
  });

  it('says the same in whatever order the members come, many or few', () => {
    const names = fc.oneof(fc.string({ maxLength: 3 }), fc.nat(30).map(String)).filter((name) => name !== '__proto__');
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constant(null),
        fc.boolean(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string({ unit: 'binary' }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(names, tie('value'), { maxKeys: 40 }),
      ),
    }));
    fc.assert(
      fc.property(value, (json) => {
        const text = canonicalJson(json);
        const again = JSON.parse(text) as Json;
        expect(again).toEqual(JSON.parse(JSON.stringify(json)));
        expect(canonicalJson(again)).toBe(text);
        // Names that are numbers come first in an object of JavaScript, so the reference is compared without them.
        const digits = /"\d+":/.test(text);
        if (!digits) expect(text).toBe(JSON.stringify(inOrder(json)));
      }),
      { numRuns: 300 },
    );
  });
});
