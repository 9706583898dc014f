import type { BadgeFeedback } from '../reader/reader.js';
import type { Phase } from './session-state.js';

/** What the lamp of the badge reader shows when the session goes from one phase to another; null for nothing new. */
export function badgeFeedback(before: Phase, after: Phase): BadgeFeedback | null {
  if (before === after) return null;
  if (after.kind === 'refused') return 'refused';
  if (after.kind === 'return_offer' && !isOutOfOrder(after)) return 'refused';
  const begins = after.kind === 'authorising' || after.kind === 'witness' || after.kind === 'return_offer';
  return begins && before.kind !== after.kind ? 'accepted' : null;
}

/** The cabinet's own fault: the badge is a good one. */
function isOutOfOrder({ session }: Extract<Phase, { kind: 'return_offer' }>): boolean {
  return session.returnOnly === 'reader_out_of_order' || session.returnOnly === 'disk_out_of_order';
}
