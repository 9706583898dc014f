import type { Rulebook, RulebookItem, RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';

/** What the session asks of the rulebook in force. */
export interface CabinetRules {
  readonly rulebook: Rulebook | undefined;
  itemOf(epc: string): RulebookItem | undefined;
  personOf(person: string): RulebookPerson | undefined;
}
