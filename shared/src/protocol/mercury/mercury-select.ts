import { ByteComposer, ByteCursor } from '../byte-cursor.js';
import { searchOption } from './mercury-constants.js';
import type { SearchRequest } from './mercury-search-commands.js';

/**
 * Select commands that the module sends before each inventory round (EPC UHF Gen2, section
 * 6.3.2.12.1.1), for firmware with several of them in one search: M6e from 1.23.0.15, Micro from
 * 1.B.1.2C, Nano from 1.9.0.D. Once one is sent only tags whose SL flag is asserted answer.
 */
export interface Gen2Select {
  /** The flag that it sets. */
  readonly target: SelectTarget;
  readonly action: SelectAction;
  readonly bank: 'tid' | 'user' | 'epc';
  /** Where in the bank the mask begins, in bits; an EPC begins at 32, behind its CRC and PC. */
  readonly pointerBits: number;
  /** At most 255; with 0 bits every tag matches. */
  readonly maskBits: number;
  /** As many whole bytes as the bits take, the first bit in the top of the first one. */
  readonly mask: Uint8Array;
}

export const selectTarget = { s0: 0, s1: 1, s2: 2, s3: 3, sl: 4 } as const;
export type SelectTarget = keyof typeof selectTarget;

/** What a tag does that matches, and one that does not: assert is SL on or inventoried A, deassert SL off or B. */
export const selectAction = {
  assertElseDeassert: 0,
  assert: 1,
  elseDeassert: 2,
  negate: 3,
  deassertElseAssert: 4,
  deassert: 5,
  elseAssert: 6,
  elseNegate: 7,
} as const;
export type SelectAction = keyof typeof selectAction;

/** Where the EPC begins in its bank. */
export const epcPointerBits = 32;

/** More than this many in one search the makers' own library refuses. */
export const mostSelects = 3;

const bankOption = { tid: 2, user: 3, epc: 4 } as const;
const bankBits = 0x07;
/** The first option byte of a search with several Selects. */
const severalSelects = searchOption.extended | 0x08;
const noPassword = 0;

const targets = Object.keys(selectTarget) as readonly SelectTarget[];
const actions = Object.keys(selectAction) as readonly SelectAction[];
const banks = Object.keys(bankOption) as readonly Gen2Select['bank'][];

/** What a search carries for its Selects: both option bytes, and what stands behind its other fields. */
export function selectFields(
  selects: readonly [Gen2Select, ...Gen2Select[]],
): Pick<SearchRequest, 'option' | 'extendedOption' | 'rest'> {
  const out = new ByteComposer().u32(noPassword);
  selects.forEach((select, index) => {
    const { pointerBits, maskBits, mask, target, action } = select;
    out.u32(pointerBits).u8(maskBits).bytes(mask);
    out.u8(selectTarget[target]).u8(selectAction[action]);
    const next = selects[index + 1];
    // The option byte of the next Select, or 0: no further one.
    out.u8(next === undefined ? 0 : bankOption[next.bank]);
  });
  return { option: severalSelects, extendedOption: bankOption[selects[0].bank], rest: out.done() };
}

/** The Selects of a search: none, or null when they make no sense. */
export function decodeSelects(search: Pick<SearchRequest, 'option' | 'extendedOption' | 'rest'>): Gen2Select[] | null {
  if (search.option !== severalSelects || search.rest.length === 0) return [];
  const cursor = new ByteCursor(search.rest);
  cursor.u32();
  const selects: Gen2Select[] = [];
  let option = (search.extendedOption ?? 0) & bankBits;
  while (option !== 0) {
    const bank = banks.find((one) => bankOption[one] === option);
    const pointerBits = cursor.u32();
    const maskBits = cursor.u8();
    const mask = cursor.bytes(Math.ceil(maskBits / 8)).slice();
    const target = targets[cursor.u8()];
    const action = actions[cursor.u8()];
    option = cursor.u8() & bankBits;
    if (!cursor.ok || bank === undefined || target === undefined || action === undefined) return null;
    selects.push({ target, action, bank, pointerBits, maskBits, mask });
  }
  return cursor.done ? selects : null;
}
