import { createHmac } from 'node:crypto';
import {
  badgeHashText,
  type Rulebook,
  type RulebookItem,
  type RulebookPerson,
} from '@tagtrail/shared/rules/rulebook.js';

/** A rulebook with its look-ups; immutable. Without a rulebook everything is unknown. */
export interface RulebookIndex {
  readonly rulebook: Rulebook | undefined;
  /** 0 for none. */
  readonly version: number;
  personOf(person: string): RulebookPerson | undefined;
  itemOf(epc: string): RulebookItem | undefined;
  assetOf(asset: string): RulebookItem | undefined;
  /** The keyed hash of a badge number; empty without a rulebook, which is where the key comes from. */
  badgeHashOf(number: string): string;
  badgeOf(hash: string): Rulebook['badges'][number] | undefined;
}

export const noRulebook: RulebookIndex = indexRulebook(undefined);

export function indexRulebook(rulebook: Rulebook | undefined): RulebookIndex {
  const people = new Map((rulebook?.people ?? []).map((person) => [person.person as string, person]));
  const badges = new Map((rulebook?.badges ?? []).map((badge) => [badge.hash, badge]));
  const byEpc = new Map((rulebook?.items ?? []).map((item) => [item.epc, item]));
  const byAsset = new Map((rulebook?.items ?? []).map((item) => [item.asset as string, item]));
  return Object.freeze({
    rulebook,
    version: rulebook?.version ?? 0,
    personOf: (person: string) => people.get(person),
    itemOf: (epc: string) => byEpc.get(epc),
    assetOf: (asset: string) => byAsset.get(asset),
    badgeHashOf: (number: string) => (rulebook === undefined ? '' : badgeHash(rulebook.badgeKey, number)),
    badgeOf: (hash: string) => badges.get(hash),
  });
}

/** `HMAC-SHA-256(badgeKey, badgeHashText(number))` in hexadecimal; the number itself is never kept. */
export function badgeHash(badgeKey: string, number: string): string {
  return createHmac('sha256', Buffer.from(badgeKey, 'hex')).update(badgeHashText(number)).digest('hex');
}
