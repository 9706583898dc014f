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
  return { flag: select.target, matches: (epc) => matches(select, epc), matching, other };
}

/** Nothing is known here of a tag's other banks, so that only a mask without bits matches there. */
function matches({ bank, pointerBits, maskBits, mask }: Gen2Select, epc: string): boolean {
  if (maskBits === 0) return true;
  const from = pointerBits - epcPointerBits;
  if (bank !== 'epc' || from < 0 || from + maskBits > epc.length * 4) return false;
  for (let bit = 0; bit < maskBits; bit++) {
    const nibble = Number.parseInt(epc[(from + bit) >> 2] as string, 16);
    const wanted = ((mask[bit >> 3] as number) >> (7 - (bit & 7))) & 1;
    if (((nibble >> (3 - ((from + bit) & 3))) & 1) !== wanted) return false;
  }
  return true;
}
