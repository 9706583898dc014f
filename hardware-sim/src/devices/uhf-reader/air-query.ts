import { gen2Param } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  epcPointerBits,
  type Gen2Select,
  type SelectAction,
} from '@tagtrail/shared/protocol/mercury/mercury-select.js';
import type { FlagChange, Query, Select } from '../../field/tag-flags.js';
import type { ReaderState } from './reader-state.js';

/** What each action does with a tag that matches, and with one that does not. */
const changes: Readonly<Record<SelectAction, readonly [matching: FlagChange, other: FlagChange]>> = {
  assertElseDeassert: ['on', 'off'],
  assert: ['on', 'keep'],
  elseDeassert: ['keep', 'off'],
  negate: ['negate', 'keep'],
  deassertElseAssert: ['off', 'on'],
  deassert: ['off', 'keep'],
  elseAssert: ['keep', 'on'],
  elseNegate: ['keep', 'negate'],
};

const sessions = ['s0', 's1', 's2', 's3'] as const;

/** The inventory rounds of a search, by what the host has set and the Selects that it sends along. */
export function queryOf(state: ReaderState, selects: readonly Gen2Select[]): Query {
  const session = sessions[state.gen2Params.get(gen2Param.session)?.[0] ?? 0] ?? 's0';
  const [isStatic, side] = state.gen2Params.get(gen2Param.target) ?? [1, 0];
  const target = isStatic === 0 ? 'both' : side === 0 ? 'a' : 'b';
  return { session, target, selects: selects.map(selectOf) };
}

function selectOf(select: Gen2Select): Select {
  const [matching, other] = changes[select.action];
  return { flag: select.target, matches: matcherOf(select), matching, other };
}

/** Nothing is known here of a tag's other banks, so that only a mask without bits matches there. */
function matcherOf({ bank, pointerBits, maskBits, mask }: Gen2Select): (epc: string) => boolean {
  if (maskBits === 0) return () => true;
  const from = pointerBits - epcPointerBits;
  if (bank !== 'epc' || from < 0) return () => false;
  const first = from >> 2;
  // Digit by digit: which of its bits matter, and what they have to be.
  const cared: number[] = Array(((from + maskBits + 3) >> 2) - first).fill(0);
  const wanted = [...cared];
  for (let bit = 0; bit < maskBits; bit++) {
    const place = (from & 3) + bit;
    const weight = 8 >> (place & 3);
    const isSet = (((mask[bit >> 3] as number) >> (7 - (bit & 7))) & 1) === 1;
    cared[place >> 2] = (cared[place >> 2] as number) | weight;
    if (isSet) wanted[place >> 2] = (wanted[place >> 2] as number) | weight;
  }
  return (epc) => {
    if (from + maskBits > epc.length * 4) return false;
    for (let i = 0; i < cared.length; i++) {
      if ((hexDigit(epc, first + i) & (cared[i] as number)) !== wanted[i]) return false;
    }
    return true;
  };
}

function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code <= 57 ? code - 48 : (code & ~32) - 55;
}
