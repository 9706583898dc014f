import { z } from 'zod';
import { assetId, cabinetId, epc, hex64, instant, orderId, personId, shortText, tenantId } from '../events/fields.js';

/** Hours of the day in the rulebook's time zone; `to` before `from` runs over midnight. */
export const timeWindow = z.strictObject({
  /** 1 Monday to 7 Sunday, of the day on which the window begins. */
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
});
export type TimeWindow = z.infer<typeof timeWindow>;

/** Who may or may not take what, when. A `deny` outweighs every `allow`. */
export const grant = z.strictObject({
  effect: z.enum(['allow', 'deny']),
  /** A person, or everybody in a group. */
  to: z.union([z.strictObject({ person: personId }), z.strictObject({ group: shortText })]),
  /** These items; null for all. */
  assets: z.array(assetId).max(20_000).nullable(),
  /** Only within one of these; left out for always. */
  windows: z.array(timeWindow).min(1).max(50).optional(),
  validUntil: instant.nullable(),
  /** Why, for the screen. */
  note: shortText.nullable(),
});
export type Grant = z.infer<typeof grant>;

/**
 * All that a cabinet needs to work for days without a network, and the least personal data that
 * this takes: a pseudonym, a display name, keyed hashes of badges. Versions only grow.
 */
export const rulebook = z.strictObject({
  v: z.literal(1),
  version: z.int().min(1),
  tenant: tenantId,
  cabinet: cabinetId,
  issuedAt: instant,
  /** HMAC-SHA-256 key (hex) for badge numbers of this cabinet. */
  badgeKey: hex64,
  people: z
    .array(
      z.strictObject({
        person: personId,
        displayName: shortText,
        language: z.enum(['en', 'fr']),
        status: z.enum(['active', 'suspended']),
        validUntil: instant.nullable(),
        groups: z.array(shortText).max(50),
        /** Skills that items may ask for; null for no end. */
        licences: z
          .array(z.strictObject({ name: shortText, validUntil: instant.nullable() }))
          .max(100)
          .optional(),
        /** The way in without a badge. The PIN is scrypt (N 2^14, r 8, p 1, 32 bytes) over its UTF-8 with the salt. */
        pin: z
          .strictObject({
            /** `HMAC-SHA-256(badgeKey, pinNumberText(number))`. */
            numberHash: hex64,
            salt: z.string().regex(/^[0-9a-f]{32}$/),
            pinHash: hex64,
          })
          .optional(),
        /** May see on the screen who has a tool. */
        seesHolders: z.boolean().optional(),
      }),
    )
    .max(20_000),
  badges: z
    .array(
      z.strictObject({
        hash: hex64,
        person: personId,
        status: z.enum(['active', 'lost', 'revoked']),
        validUntil: instant.nullable(),
      }),
    )
    .max(40_000),
  items: z
    .array(
      z.strictObject({
        asset: assetId,
        epc,
        name: shortText,
        model: shortText.nullable(),
        /** This cabinet is where the item belongs. */
        home: z.boolean(),
        status: z.enum(['available', 'quarantine', 'retired']),
        calibrationDueAt: instant.nullable(),
        /** Only these groups may take it; empty means everybody who may open the cabinet. */
        groups: z.array(shortText).max(50),
        /** Who held it when the rulebook was issued, as far as the cloud knew; newer `custodyFacts` replace it. */
        heldBy: z.strictObject({ person: personId.nullable(), name: shortText.nullable(), since: instant }).nullable(),
        /** Every one of these licences is needed to take it. */
        licences: z.array(shortText).max(20).optional(),
        /** It is taken only with a second person's badge in the same session. */
        twoPerson: z.boolean().optional(),
        /** When it was last inspected; only an inspection after a report makes it available again. */
        inspectedAt: instant.nullable().optional(),
        /** Where in the cabinet it lies, in words. */
        place: shortText.nullable().optional(),
      }),
    )
    .max(20_000),
  /** Rights beyond groups. An item that any `allow` names is for those alone (and for its groups). */
  grants: z.array(grant).max(20_000).optional(),
  /** IANA name of the zone that time windows are meant in; UTC when left out. */
  timeZone: z.string().max(60).optional(),
  /** Calibrations and licences that end within so many days are warned of. */
  calibrationWarnDays: z.int().min(0).max(365).optional(),
  /** What travels together: with the kit go its children. */
  kits: z
    .array(z.strictObject({ kit: assetId, children: z.array(assetId).min(1).max(500) }))
    .max(5000)
    .optional(),
  /** The cabinet opens only to two persons. */
  twoPersonToOpen: z.boolean().optional(),
  /** Open work orders; `people` null for everybody. */
  orders: z
    .array(
      z.strictObject({
        order: orderId,
        number: shortText,
        title: shortText.nullable(),
        people: z.array(personId).max(1000).nullable(),
      }),
    )
    .max(5000)
    .optional(),
  privacyNotice: z
    .strictObject({
      version: z.int().min(1),
      text: z.strictObject({ en: z.string().max(5000), fr: z.string().max(5000) }),
      changes: z.strictObject({ en: z.array(shortText).max(5), fr: z.array(shortText).max(5) }),
      contact: shortText.nullable(),
    })
    .optional(),
});
export type Rulebook = z.infer<typeof rulebook>;
export type RulebookPerson = Rulebook['people'][number];
export type RulebookItem = Rulebook['items'][number];

/** What is hashed for a badge: `HMAC-SHA-256(badgeKey, badgeHashText(number))`. */
export function badgeHashText(number: string): string {
  return `tagtrail badge v1\n${number.toUpperCase()}`;
}

/** What is hashed for a personal number: `HMAC-SHA-256(badgeKey, pinNumberText(number))`. */
export function pinNumberText(number: string): string {
  return `tagtrail pin number v1\n${number}`;
}
