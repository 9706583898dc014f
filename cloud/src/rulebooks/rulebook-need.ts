import { moveKinds } from '../store/projections/custody.js';

/** Who has it: travels beside the rulebook. */
const custodyKinds: ReadonlySet<string> = new Set(moveKinds);
/** What cabinets record that changes a rulebook: the item goes to quarantine everywhere. */
const ruleKinds: ReadonlySet<string> = new Set(['asset.reported']);

/** What the cloud records that no rulebook speaks of. A kind that is not here counts as a change. */
const silentKinds: ReadonlySet<string> = new Set([
  'rulebook.issued',
  'cabinet.connected',
  'cabinet.disconnected',
  'cabinet.gap_opened',
  'cabinet.gap_closed',
  'cabinet.clone_suspected',
  'cabinet.command_sent',
  'cabinet.enrolment_code_issued',
  'cabinet.enrolment_refused',
  'event.quarantined',
  'asset.loss_asked',
  'asset.loss_rejected',
  'attention.acknowledged',
  'customer.leaving_asked',
  'customer.leaving_decided',
  'diagnostics.names_shown',
  'retention.rule_set',
  'retention.run',
  'user.signed_in',
  'user.sign_in_refused',
  'user.signed_out',
]);

/** What lines of the trail ask of the rulebooks of their customer. */
export type RulebookNeed = 'nothing' | 'custody' | 'change';

export function rulebookNeed(lines: readonly { readonly kind: string; readonly source: string }[]): RulebookNeed {
  if (lines.some(({ kind, source }) => source === 'cloud' && !silentKinds.has(kind))) return 'change';
  if (lines.some(({ kind }) => ruleKinds.has(kind))) return 'change';
  return lines.some(({ kind }) => custodyKinds.has(kind)) ? 'custody' : 'nothing';
}
