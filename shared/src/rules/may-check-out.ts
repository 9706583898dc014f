import type { RulebookItem, RulebookPerson } from './rulebook.js';

/** Why an item should not be taken. No such type exists for a return: nothing may refuse one. */
export type TakeRefusal =
  | { readonly reason: 'quarantine' }
  | { readonly reason: 'retired' }
  | { readonly reason: 'calibration_overdue'; readonly since: string }
  | { readonly reason: 'not_in_group'; readonly groups: readonly string[] };

export type MayCheckOut = { readonly allowed: true } | { readonly allowed: false; readonly refusal: TakeRefusal };

/** Whether `person` may take `item` at the wall time `atMs`; the first reason that forbids it is given. */
export function mayCheckOut(person: RulebookPerson, item: RulebookItem, atMs: number): MayCheckOut {
  if (item.status === 'quarantine') return { allowed: false, refusal: { reason: 'quarantine' } };
  if (item.status === 'retired') return { allowed: false, refusal: { reason: 'retired' } };
  if (item.calibrationDueAt !== null && Date.parse(item.calibrationDueAt) <= atMs) {
    return { allowed: false, refusal: { reason: 'calibration_overdue', since: item.calibrationDueAt } };
  }
  if (item.groups.length > 0 && !item.groups.some((group) => person.groups.includes(group))) {
    return { allowed: false, refusal: { reason: 'not_in_group', groups: item.groups } };
  }
  return { allowed: true };
}
