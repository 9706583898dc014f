import { z } from 'zod';
import { instant, shortText } from '../events/fields.js';

/** How a cabinet comes to its credentials: a person asks for a code, the cabinet redeems it with a key that it made itself. */

/** `POST /v1/cabinets/{id}/enrolment-codes`: the code is shown once and never again. */
export const enrolmentCode = z.strictObject({ code: z.string(), cabinet_id: z.string(), expires_at: instant });
export type EnrolmentCode = z.infer<typeof enrolmentCode>;

/** Eight characters that name the code, a dash, and 26 that are the secret: 128 bits in Crockford's base 32. */
export const enrolmentCodeText = z
  .string()
  .max(80)
  .transform((text) => text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1'))
  .pipe(z.string().regex(/^[0-9A-HJKMNP-TV-Z]{34}$/, 'not an enrolment code'));

/** `POST /v1/enrolments`, by the cabinet. */
export const enrolmentRequest = z.strictObject({
  code: enrolmentCodeText,
  /** Ed25519 public key, SPKI PEM. */
  public_key: z.string().max(500),
  /** The key's signature (base64url) over `enrolmentProofText`: whoever sends it holds the private half. */
  proof: z.string().max(100),
});

export function enrolmentProofText(code: string, publicKey: string): string {
  return `tagtrail enrolment v1\n${code}\n${publicKey.trim()}\n`;
}

/** Everything of the credentials but the private key, which never leaves the cabinet. */
export const enrolmentAnswer = z.strictObject({
  tenant: z.string(),
  cabinet: z.string(),
  name: shortText,
  site: shortText,
  mqttUrl: z.string(),
  secret: z.string(),
  cloudKey: z.string().optional(),
});
export type EnrolmentAnswer = z.infer<typeof enrolmentAnswer>;

/**
 * `POST /v1/cabinets/{id}/commands`: carried out by a cabinet that is connected within a minute, an
 * unlock within ten seconds, or never. Who opens a cabinet from afar says why.
 */
export const cabinetCommand = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['count_now', 'rotate_key']) }),
  z.strictObject({ kind: z.literal('unlock'), note: shortText.min(1) }),
]);
export const sentCommand = z.strictObject({ id: z.string(), expires_at: instant });
