import { ackSafety } from './ack-safety.js';
import { attribution } from './attribution.js';
import { bounded } from './bounded.js';
import { chainHolds } from './chain-holds.js';
import { conservation } from './conservation.js';
import { delivers } from './delivers.js';
import { noPhantom } from './no-phantom.js';
import { noSilentGap } from './no-silent-gap.js';
import { nothingDoubled } from './nothing-doubled.js';
import { nothingLost } from './nothing-lost.js';
import { oneTenant } from './one-tenant.js';
import type { Checker, RunRecord } from './run-record.js';

/** In the order of their ids. I8, I10 and I13 are about the audit log, erasure and screens, which are not in the world. */
export const checkers: readonly Checker[] = [
  nothingLost,
  nothingDoubled,
  noSilentGap,
  attribution,
  chainHolds,
  conservation,
  ackSafety,
  oneTenant,
  delivers,
  bounded,
  noPhantom,
];

/** Every violation, each with the id of its invariant. */
export function violationsOf(run: RunRecord): readonly string[] {
  return checkers.flatMap(({ id, check }) => check(run).map((violation) => `${id} ${violation}`));
}
