import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { decodeSearchRequest, searchData } from './mercury-search-commands.js';
import {
  decodeSelects,
  epcPointerBits,
  type Gen2Select,
  mostSelects,
  type SelectAction,
  type SelectTarget,
  selectAction,
  selectFields,
  selectTarget,
} from './mercury-select.js';

const search = { flags: 0x001b, timeoutMs: 60, metadataFlags: 0x0007 };

function onEpc(epc: string, target: SelectTarget, action: SelectAction): Gen2Select {
  const mask = fromHex(epc);
  return { target, action, bank: 'epc', pointerBits: epcPointerBits, maskBits: mask.length * 8, mask };
}

const anySelect: fc.Arbitrary<Gen2Select> = fc.uint8Array({ maxLength: 31 }).chain((mask) =>
  fc.record({
    target: fc.constantFrom(...(Object.keys(selectTarget) as SelectTarget[])),
    action: fc.constantFrom(...(Object.keys(selectAction) as SelectAction[])),
    bank: fc.constantFrom('tid' as const, 'user' as const, 'epc' as const),
    pointerBits: fc.integer({ min: 0, max: 0xffffffff }),
    maskBits: fc.constant(mask.length * 8),
    mask: fc.constant(mask),
  }),
);

describe('Selects of a Mercury search', () => {
  it('stand behind the fields of the search, each with its target, its action and the option byte of the next', () => {
    const selects = selectFields([
      onEpc('3034257BF7194E4000001A85', 'sl', 'assertElseDeassert'),
      { target: 's2', action: 'assert', bank: 'epc', pointerBits: epcPointerBits, maskBits: 0, mask: new Uint8Array() },
    ]);
    // The layout of the makers' .NET library (SerialReader.cs, MakeSingulationBytes with MultiFilter).
    const expected = '88 14 001B 003C 0007 00000000 00000020 60 3034257BF7194E4000001A85 04 00 04 00000020 00 02 01 00';
    expect(toHex(searchData({ ...search, ...selects }))).toBe(expected.replaceAll(' ', ''));
  });

  it('come back as they were sent', () => {
    fc.assert(
      fc.property(fc.array(anySelect, { minLength: 1, maxLength: mostSelects }), ([first, ...more]) => {
        const data = searchData({ ...search, ...selectFields([first as Gen2Select, ...more]) });
        const request = decodeSearchRequest(data);
        expect(request === null ? null : decodeSelects(request)).toEqual([first, ...more]);
      }),
    );
  });

  it('are none in a search of the older kind, and none where the firmware has only the second option byte', () => {
    for (const setting of [search, { ...search, option: 0x88 }]) {
      const request = decodeSearchRequest(searchData(setting));
      expect(request === null ? null : decodeSelects(request)).toEqual([]);
    }
  });

  it('make no sense when they are cut short or name what is not there', () => {
    const whole = selectFields([onEpc('3034257BF7194E4000001A85', 'sl', 'assert')]);
    for (let length = 1; length < whole.rest.length; length++) {
      expect(decodeSelects({ ...whole, rest: whole.rest.slice(0, length) })).toBeNull();
    }
    const strange = whole.rest.slice();
    strange[strange.length - 3] = 7;
    expect(decodeSelects({ ...whole, rest: strange })).toBeNull();
  });
});
