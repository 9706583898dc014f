import type { TimeWindow } from '@tagtrail/shared/rules/rulebook.js';

/** All of a customer that its rulebooks speak of. Ids are UUIDs, times ISO 8601 in UTC. */
export interface RulebookFacts {
  readonly tenant: string;
  /** 64 hexadecimal digits. */
  readonly badgeKey: string;
  readonly calibrationWarnDays: number;
  readonly people: readonly PersonFacts[];
  readonly badges: readonly BadgeFacts[];
  readonly items: readonly ItemFacts[];
  readonly grants: readonly GrantFacts[];
  readonly kits: readonly { readonly kit: string; readonly children: readonly string[] }[];
  /** The open ones. */
  readonly orders: readonly OrderFacts[];
  readonly notice: NoticeFacts | null;
}

/** The cabinet that a rulebook is for. */
export interface CabinetFacts {
  readonly id: string;
  /** IANA name of its site's zone. */
  readonly timeZone: string;
  readonly twoPersonToOpen: boolean;
}

export interface PersonFacts {
  readonly id: string;
  readonly displayName: string | null;
  readonly language: 'en' | 'fr';
  readonly status: 'active' | 'suspended';
  readonly validUntil: string | null;
  readonly groups: readonly string[];
  readonly licences: readonly { readonly name: string; readonly validUntil: string | null }[];
  readonly pin: { readonly numberHash: string; readonly salt: string; readonly pinHash: string } | null;
  readonly seesHolders: boolean;
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
  readonly licences: readonly string[];
  readonly twoPerson: boolean;
  readonly place: string | null;
  /** When the office last set it available again; null for never. */
  readonly inspectedAt: string | null;
  /** Set while it is out. */
  readonly out: { readonly holderId: string | null; readonly since: string } | null;
}

export interface GrantFacts {
  readonly effect: 'allow' | 'deny';
  /** Either a person or a group. */
  readonly personId: string | null;
  readonly group: string | null;
  /** These items; else those of the model; else all. */
  readonly assetIds: readonly string[] | null;
  readonly model: string | null;
  readonly windows: readonly TimeWindow[] | null;
  readonly validUntil: string | null;
  readonly note: string | null;
}

export interface OrderFacts {
  readonly id: string;
  readonly number: string;
  readonly title: string | null;
  /** Null for everybody. */
  readonly personIds: readonly string[] | null;
  /** Null for everywhere. */
  readonly cabinetIds: readonly string[] | null;
}

export interface NoticeFacts {
  readonly version: number;
  readonly text: { readonly en: string; readonly fr: string };
  readonly changes: { readonly en: readonly string[]; readonly fr: readonly string[] };
  readonly contact: string | null;
}
