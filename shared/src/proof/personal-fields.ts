/**
 * Members of an entry's `data` that point at a person, or are words that people typed and may name
 * one. They leave the trail when a retention rule pseudonymises; a salted commitment stays in the leaf.
 */
export const personalDataFields = [
  'takenBy',
  'badgeHash',
  'numberHash',
  'beside',
  'from',
  'lastHolder',
  'witness',
  'note',
  'items',
  'badge',
  'person',
] as const;

/**
 * Columns of an entry that are personal. `chain` and `origin` count because the record chain of the
 * cabinet covers the person: whoever has the rest of the record could confirm a guess with it.
 */
export const personalColumns = ['actor', 'counterpart', 'chain', 'origin'] as const;

const dataFields: ReadonlySet<string> = new Set(personalDataFields);

export function isPersonalDataField(name: string): boolean {
  return dataFields.has(name);
}
