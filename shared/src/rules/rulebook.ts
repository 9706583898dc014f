import { z } from 'zod';
import { assetId, cabinetId, epc, hex64, instant, personId, shortText, tenantId } from '../events/fields.js';

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
        /** Who holds it as far as the cloud knows; null when nobody does. */
        heldBy: z.strictObject({ person: personId.nullable(), name: shortText.nullable(), since: instant }).nullable(),
      }),
    )
    .max(20_000),
});
export type Rulebook = z.infer<typeof rulebook>;
export type RulebookPerson = Rulebook['people'][number];
export type RulebookItem = Rulebook['items'][number];

/** What is hashed for a badge: `HMAC-SHA-256(badgeKey, badgeHashText(number))`. */
export function badgeHashText(number: string): string {
  return `tagtrail badge v1\n${number.toUpperCase()}`;
}
