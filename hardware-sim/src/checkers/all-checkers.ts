import { ackSafety } from './ack-safety.js';
import { attribution } from './attribution.js';
import { auditHolds } from './audit-holds.js';
import { bounded } from './bounded.js';
import { chainHolds } from './chain-holds.js';
import { conservation } from './conservation.js';
import { delivers } from './delivers.js';
import { erasure } from './erasure.js';
import { monotoneScreen } from './monotone-screen.js';
import { noPhantom } from './no-phantom.js';
import { noSilentGap } from './no-silent-gap.js';
import { nothingDoubled } from './nothing-doubled.js';
import { nothingLost } from './nothing-lost.js';
import { oneTenant } from './one-tenant.js';
import type { Checker, RunRecord } from './run-record.js';

/** In the order of their ids. */
export const checkers: readonly Checker[] = [
  nothingLost,
  nothingDoubled,
  noSilentGap,
  attribution,
  chainHolds,
  conservation,
  ackSafety,
  auditHolds,
  oneTenant,
  erasure,
  delivers,
  bounded,
  monotoneScreen,
  noPhantom,
];

/** Every violation, each with the id of its invariant. */
export function violationsOf(run: RunRecord): readonly string[] {
  return checkers.flatMap(({ id, check }) => check(run).map((violation) => `${id} ${violation}`));
}
