import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@tagtrail/shared/chain/canonical.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Rulebook, RulebookItem } from '@tagtrail/shared/rules/rulebook.js';

/** All of a customer that its rulebooks speak of. Ids are UUIDs. */
export interface RulebookFacts {
  readonly tenant: string;
  /** 64 hexadecimal digits. */
  readonly badgeKey: string;
  readonly people: readonly PersonFacts[];
  readonly badges: readonly BadgeFacts[];
  readonly items: readonly ItemFacts[];
}

export interface PersonFacts {
  readonly id: string;
  readonly displayName: string | null;
  readonly language: 'en' | 'fr';
  readonly status: 'active' | 'suspended';
  readonly validUntil: string | null;
  readonly groups: readonly string[];
}

export interface BadgeFacts {
  readonly personId: string;
  readonly hash: string;
  readonly status: 'active' | 'lost' | 'revoked';
  readonly validUntil: string | null;
  readonly issuedAt: string;
}

export interface ItemFacts {
  readonly id: string;
  readonly epc: string;
  readonly name: string;
  readonly model: string | null;
  readonly homeCabinetId: string | null;
  readonly status: 'available' | 'quarantine' | 'retired';
  readonly calibrationDueAt: string | null;
  readonly groups: readonly string[];
  /** When the office last set it available again; null for never. */
  readonly inspectedAt: string | null;
  /** Set while it is out. */
  readonly out: { readonly holderId: string | null; readonly since: string } | null;
}

export type RulebookBody = Omit<Rulebook, 'version' | 'issuedAt'>;

/** The rulebook of one cabinet; the same facts give the same bytes. */
export function buildRulebook(facts: RulebookFacts, cabinetId: string): RulebookBody {
  const people = [...facts.people].sort(byId);
  const nameOf = new Map(people.map((person) => [person.id, person.displayName]));
  const items = [...facts.items].sort(byId);
  return {
    v: 1,
    tenant: idFromUuid('tenant', facts.tenant),
    cabinet: idFromUuid('cabinet', cabinetId),
    badgeKey: facts.badgeKey,
    people: people.map((person) => ({
      person: idFromUuid('person', person.id),
      displayName: person.displayName ?? '',
      language: person.language,
      status: person.status,
      validUntil: person.validUntil,
      groups: [...person.groups],
    })),
    badges: livingBadges(facts.badges).map(({ hash, personId, status, validUntil }) => ({
      hash,
      person: idFromUuid('person', personId),
      status,
      validUntil,
    })),
    items: items.map((item) => rulebookItem(item, cabinetId, nameOf)),
  };
}

function rulebookItem(item: ItemFacts, cabinetId: string, nameOf: ReadonlyMap<string, string | null>): RulebookItem {
  const holder = item.out?.holderId ?? null;
  return {
    asset: idFromUuid('asset', item.id),
    epc: item.epc,
    name: item.name,
    model: item.model,
    home: item.homeCabinetId === cabinetId,
    status: item.status,
    calibrationDueAt: item.calibrationDueAt,
    groups: [...item.groups],
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

export interface RulebookDigests {
  /** Over everything. */
  readonly digest: string;
  /** Over everything but who holds what. */
  readonly contentDigest: string;
}

export function digestRulebook(body: RulebookBody): RulebookDigests {
  const content = { ...body, items: body.items.map((item) => ({ ...item, heldBy: null })) };
  return { digest: hashOf(body), contentDigest: hashOf(content) };
}

function hashOf(body: RulebookBody): string {
  return createHash('sha256')
    .update(canonicalJson(body as unknown as Json))
    .digest('hex');
}
