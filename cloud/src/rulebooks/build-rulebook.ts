import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@tagtrail/shared/chain/canonical.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Grant, Rulebook, RulebookItem, RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import type {
  BadgeFacts,
  CabinetFacts,
  GrantFacts,
  ItemFacts,
  OrderFacts,
  PersonFacts,
  RulebookFacts,
} from './rulebook-facts.js';

export type RulebookBody = Omit<Rulebook, 'version' | 'issuedAt'>;

/** The rulebooks of a customer: what they share is made once, however many cabinets there are. */
export interface RulebookSet {
  /** The same facts give the same bytes. */
  bodyOf(cabinet: CabinetFacts): RulebookBody;
  /** SHA-256 of what the cabinet's rulebook says, without who holds what; builds no rulebook. */
  digestOf(cabinet: CabinetFacts): string;
}

export function rulebookSet(facts: RulebookFacts): RulebookSet {
  const items = [...facts.items].sort(byId);
  const nameOf = new Map(facts.people.map((person) => [person.id, person.displayName]));
  const shared = sharedPart(facts);
  const away = items.map((item) => rulebookItem(item, nameOf));
  const homes = new Map<string, number[]>();
  for (const [place, { homeCabinetId }] of items.entries()) {
    if (homeCabinetId !== null) homes.set(homeCabinetId, [...(homes.get(homeCabinetId) ?? []), place]);
  }
  let sharedDigest: string | undefined;
  const own = (cabinet: CabinetFacts) => ({
    cabinet: idFromUuid('cabinet', cabinet.id),
    timeZone: cabinet.timeZone,
    ...(cabinet.twoPersonToOpen ? { twoPersonToOpen: true } : {}),
    ...filled('orders', ordersOf(facts.orders, cabinet.id)),
  });
  return {
    bodyOf: (cabinet) => {
      const here = [...away];
      for (const place of homes.get(cabinet.id) ?? []) {
        const item = here[place];
        if (item !== undefined) here[place] = { ...item, home: true };
      }
      return { ...shared, ...own(cabinet), items: here };
    },
    digestOf: (cabinet) => {
      sharedDigest ??= hashOf({ ...shared, items: away.map((item) => ({ ...item, heldBy: null })) });
      return hashOf({ shared: sharedDigest, homes: homes.get(cabinet.id) ?? [], ...own(cabinet) });
    },
  };
}

/** The rulebook of one cabinet. */
export function buildRulebook(facts: RulebookFacts, cabinet: CabinetFacts): RulebookBody {
  return rulebookSet(facts).bodyOf(cabinet);
}

function sharedPart(facts: RulebookFacts): Omit<RulebookBody, 'cabinet' | 'items' | 'timeZone' | 'orders'> {
  const { notice } = facts;
  return {
    v: 1,
    tenant: idFromUuid('tenant', facts.tenant),
    badgeKey: facts.badgeKey,
    people: [...facts.people].sort(byId).map(rulebookPerson),
    badges: livingBadges(facts.badges).map(({ hash, personId, status, validUntil }) => ({
      hash,
      person: idFromUuid('person', personId),
      status,
      validUntil,
    })),
    calibrationWarnDays: facts.calibrationWarnDays,
    ...filled(
      'grants',
      facts.grants.flatMap((one) => rulebookGrant(one, facts.items)),
    ),
    ...filled('kits', rulebookKits(facts)),
    ...(notice === null
      ? {}
      : {
          privacyNotice: { ...notice, changes: { en: [...notice.changes.en], fr: [...notice.changes.fr] } },
        }),
  };
}

/** Left out while there are none: a cabinet that has no orders shows no list of them. */
function filled<K extends string, T>(name: K, list: readonly T[]): { [name in K]?: T[] } {
  return list.length === 0 ? {} : ({ [name]: [...list] } as { [name in K]?: T[] });
}

function rulebookPerson(person: PersonFacts): RulebookPerson {
  const { licences, pin } = person;
  return {
    person: idFromUuid('person', person.id),
    displayName: person.displayName ?? '',
    language: person.language,
    status: person.status,
    validUntil: person.validUntil,
    groups: [...person.groups],
    ...filled('licences', licences),
    ...(pin === null ? {} : { pin: { numberHash: pin.numberHash, salt: pin.salt, pinHash: pin.pinHash } }),
    ...(person.seesHolders ? { seesHolders: true } : {}),
  };
}

function rulebookItem(item: ItemFacts, nameOf: ReadonlyMap<string, string | null>): RulebookItem {
  const holder = item.out?.holderId ?? null;
  return {
    asset: idFromUuid('asset', item.id),
    epc: item.epc,
    name: item.name,
    model: item.model,
    home: false,
    status: item.status,
    calibrationDueAt: item.calibrationDueAt,
    groups: [...item.groups],
    ...filled('licences', item.licences),
    ...(item.twoPerson ? { twoPerson: true } : {}),
    ...(item.place === null ? {} : { place: item.place }),
    ...(item.inspectedAt === null ? {} : { inspectedAt: item.inspectedAt }),
    heldBy:
      item.out === null
        ? null
        : {
            person: holder === null ? null : idFromUuid('person', holder),
            name: holder === null ? null : (nameOf.get(holder) ?? null),
            since: item.out.since,
          },
  };
}

/** Cabinets know no models of their own: a right to a model is one to each item of it. None, and nothing is said. */
function rulebookGrant(grant: GrantFacts, items: readonly ItemFacts[]): Grant[] {
  const known = new Set(items.map(({ id }) => id));
  const named =
    grant.model === null
      ? (grant.assetIds?.filter((id) => known.has(id)) ?? null)
      : items.filter(({ model }) => model === grant.model).map(({ id }) => id);
  if (named !== null && named.length === 0) return [];
  const to = grant.personId === null ? { group: grant.group ?? '' } : { person: idFromUuid('person', grant.personId) };
  return [
    {
      effect: grant.effect,
      to,
      assets: named === null ? null : [...named].sort().map((id) => idFromUuid('asset', id)),
      ...(grant.windows === null ? {} : { windows: [...grant.windows] }),
      validUntil: grant.validUntil,
      note: grant.note,
    },
  ];
}

function rulebookKits({ kits, items }: RulebookFacts): NonNullable<Rulebook['kits']> {
  const known = new Set(items.map(({ id }) => id));
  return kits.flatMap(({ kit, children }) => {
    const tagged = children.filter((child) => known.has(child)).sort();
    if (!known.has(kit) || tagged.length === 0) return [];
    return [{ kit: idFromUuid('asset', kit), children: tagged.map((child) => idFromUuid('asset', child)) }];
  });
}

function ordersOf(orders: readonly OrderFacts[], cabinet: string): NonNullable<Rulebook['orders']> {
  return orders
    .filter(({ cabinetIds }) => cabinetIds === null || cabinetIds.includes(cabinet))
    .map(({ id, number, title, personIds }) => ({
      ...{ order: idFromUuid('order', id), number, title },
      people: personIds === null ? null : personIds.map((person) => idFromUuid('person', person)),
    }));
}

/**
 * One line for each badge number: a number that was issued again answers as its living badge, else
 * as its newest one, so that a refusal can say lost or revoked instead of unknown.
 */
function livingBadges(badges: readonly BadgeFacts[]): readonly BadgeFacts[] {
  const best = new Map<string, BadgeFacts>();
  for (const badge of badges) {
    const other = best.get(badge.hash);
    if (other === undefined || outranks(badge, other)) best.set(badge.hash, badge);
  }
  return [...best.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1));
}

function outranks(badge: BadgeFacts, other: BadgeFacts): boolean {
  if ((badge.status === 'active') !== (other.status === 'active')) return badge.status === 'active';
  return badge.issuedAt > other.issuedAt;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function hashOf(what: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(what as Json))
    .digest('hex');
}
