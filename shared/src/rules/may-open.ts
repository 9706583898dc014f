import type { Refusal } from '../events/trace-event.js';
import type { Rulebook, RulebookPerson } from './rulebook.js';

export type MayOpen =
  | { readonly allowed: true; readonly person: RulebookPerson }
  | { readonly allowed: false; readonly refusal: Refusal; readonly person?: RulebookPerson };

/**
 * Whether a badge opens the cabinet at the wall time `atMs`. A refusal carries the person where
 * the badge is known, so that the trail can name who was refused.
 */
export function mayOpen(rulebook: Rulebook | undefined, badgeHash: string, atMs: number): MayOpen {
  if (rulebook === undefined) return { allowed: false, refusal: 'rulebook_missing' };
  const badge = rulebook.badges.find((candidate) => candidate.hash === badgeHash);
  if (badge === undefined) return { allowed: false, refusal: 'unknown' };
  const person = rulebook.people.find((candidate) => candidate.person === badge.person);
  if (person === undefined) return { allowed: false, refusal: 'unknown' };
  if (badge.status !== 'active') return { allowed: false, refusal: badge.status, person };
  const own = mayOpenAs(person, atMs);
  return own.allowed && isPast(badge.validUntil, atMs) ? { allowed: false, refusal: 'expired', person } : own;
}

/** The same for a person who is known by other means than a badge. */
export function mayOpenAs(person: RulebookPerson, atMs: number): MayOpen {
  if (person.status === 'suspended') return { allowed: false, refusal: 'suspended', person };
  if (isPast(person.validUntil, atMs)) return { allowed: false, refusal: 'expired', person };
  return { allowed: true, person };
}

function isPast(until: string | null, atMs: number): boolean {
  return until !== null && Date.parse(until) <= atMs;
}
