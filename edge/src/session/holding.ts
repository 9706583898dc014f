import type { RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import type { RulebookIndex } from '../rules/rulebook-index.js';
import type { Book } from './book.js';

export interface HeldItem {
  readonly epc: string;
  readonly name: string;
  readonly since: string;
}

/** What the person took here and has not brought back, and what the cloud says they hold from elsewhere. */
export function holdingOf(sources: { readonly book: Book; readonly rules: RulebookIndex }, person: RulebookPerson) {
  const { book, rules } = sources;
  const held = new Map<string, HeldItem>();
  for (const item of rules.rulebook?.items ?? []) {
    if (item.heldBy?.person !== person.person || book.items.get(item.epc)?.standing === 'inside') continue;
    held.set(item.epc, { epc: item.epc, name: item.name, since: item.heldBy.since });
  }
  for (const [epc, item] of book.items) {
    if (item.standing !== 'out' || item.since === null) continue;
    const known = rules.itemOf(epc);
    // What the cloud knew after the check-out has returns at other cabinets in it.
    const elsewhere = known !== undefined && rules.custodyAsOf > item.since && known.heldBy?.person !== item.takenBy;
    if (elsewhere) continue;
    if (item.takenBy === person.person && item.declared === undefined)
      held.set(epc, { epc, name: known?.name ?? epc, since: item.since });
    else held.delete(epc);
  }
  return [...held.values()].sort((a, b) => (a.since < b.since ? -1 : 1));
}
