import { createHmac } from 'node:crypto';
import type { CustodyFacts } from '@tagtrail/shared/rules/custody-facts.js';
import {
  badgeHashText,
  type Grant,
  pinNumberText,
  type Rulebook,
  type RulebookItem,
  type RulebookPerson,
} from '@tagtrail/shared/rules/rulebook.js';

/** A rulebook with its look-ups; immutable. Without a rulebook everything is unknown. */
export interface RulebookIndex {
  readonly rulebook: Rulebook | undefined;
  /** 0 for none. */
  readonly version: number;
  /** Up to when the cloud knew who holds what; empty without a rulebook. */
  readonly custodyAsOf: string;
  personOf(person: string): RulebookPerson | undefined;
  itemOf(epc: string): RulebookItem | undefined;
  assetOf(asset: string): RulebookItem | undefined;
  /** The keyed hash of a badge number; empty without a rulebook, which is where the key comes from. */
  badgeHashOf(number: string): string;
  badgeOf(hash: string): Rulebook['badges'][number] | undefined;
  /** The grants that name this item or all items. */
  grantsOf(asset: string): readonly Grant[];
  /** The children of a kit that the rulebook knows; none for what is no kit. */
  childrenOf(asset: string): readonly RulebookItem[];
  /** The keyed hash of a personal number; empty without a rulebook. */
  numberHashOf(number: string): string;
  personByNumber(numberHash: string): RulebookPerson | undefined;
  /** The open orders of a person. */
  ordersOf(person: string): NonNullable<Rulebook['orders']>;
}

export const noRulebook: RulebookIndex = indexRulebook(undefined);

/** @param custody replaces what the rulebook says of who holds what, unless the rulebook is younger. */
export function indexRulebook(stored: Rulebook | undefined, custody?: CustodyFacts): RulebookIndex {
  const isNewer = stored !== undefined && custody !== undefined && custody.asOf > stored.issuedAt;
  const rulebook = isNewer ? withCustody(stored, custody) : stored;
  const people = new Map((rulebook?.people ?? []).map((person) => [person.person as string, person]));
  const badges = new Map((rulebook?.badges ?? []).map((badge) => [badge.hash, badge]));
  const byEpc = new Map((rulebook?.items ?? []).map((item) => [item.epc, item]));
  const byAsset = new Map((rulebook?.items ?? []).map((item) => [item.asset as string, item]));
  const byNumber = new Map((rulebook?.people ?? []).map((person) => [person.pin?.numberHash ?? '', person]));
  const kits = new Map((rulebook?.kits ?? []).map(({ kit, children }) => [kit as string, children]));
  const grants = indexGrants(rulebook?.grants ?? []);
  return Object.freeze({
    rulebook,
    version: rulebook?.version ?? 0,
    custodyAsOf: (isNewer ? custody.asOf : rulebook?.issuedAt) ?? '',
    personOf: (person: string) => people.get(person),
    itemOf: (epc: string) => byEpc.get(epc),
    assetOf: (asset: string) => byAsset.get(asset),
    badgeHashOf: (number: string) => (rulebook === undefined ? '' : badgeHash(rulebook.badgeKey, number)),
    badgeOf: (hash: string) => badges.get(hash),
    grantsOf: grants,
    childrenOf: (asset: string) =>
      (kits.get(asset) ?? []).map((child) => byAsset.get(child)).filter((item) => item !== undefined),
    numberHashOf: (number: string) =>
      rulebook === undefined ? '' : keyedHash(rulebook.badgeKey, pinNumberText(number)),
    personByNumber: (numberHash: string) => (numberHash === '' ? undefined : byNumber.get(numberHash)),
    ordersOf: (person: string) =>
      (rulebook?.orders ?? []).filter(({ people }) => people === null || people.some((one) => one === person)),
  });
}

function withCustody(rulebook: Rulebook, custody: CustodyFacts): Rulebook {
  const holders = new Map(custody.out.map(({ asset, person, since }) => [asset, { person, name: null, since }]));
  return {
    ...rulebook,
    items: rulebook.items.map((item) => {
      const heldBy = holders.get(item.asset) ?? null;
      return heldBy === null && item.heldBy === null ? item : { ...item, heldBy };
    }),
  };
}

/** `HMAC-SHA-256(badgeKey, badgeHashText(number))` in hexadecimal; the number itself is never kept. */
export function badgeHash(badgeKey: string, number: string): string {
  return keyedHash(badgeKey, badgeHashText(number));
}

function keyedHash(key: string, text: string): string {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(text).digest('hex');
}

function indexGrants(grants: readonly Grant[]): (asset: string) => readonly Grant[] {
  const forAll = grants.filter(({ assets }) => assets === null);
  const named = new Map<string, Grant[]>();
  for (const grant of grants) {
    for (const asset of grant.assets ?? []) {
      const list = named.get(asset);
      if (list === undefined) named.set(asset, [grant]);
      else list.push(grant);
    }
  }
  return (asset) => {
    const own = named.get(asset);
    return own === undefined ? forAll : [...own, ...forAll];
  };
}
