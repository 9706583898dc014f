import { z } from 'zod';
import { epc, shortText } from '../events/fields.js';

/**
 * A customer described in one file: what the cloud creates and what the simulated cabinets hold.
 * Names refer to each other by `key`, which is only used inside the file.
 */
const key = z.string().regex(/^[a-z0-9-]{1,40}$/, 'lower-case letters, digits and dashes');

export const sampleCustomer = z.strictObject({
  name: shortText,
  seed: z.int(),
  users: z.array(
    z.strictObject({
      email: z.email(),
      name: shortText,
      role: z.enum(['admin', 'manager', 'viewer']),
      /** Sites this user may see; empty means all. */
      sites: z.array(key),
    }),
  ),
  sites: z.array(z.strictObject({ key, name: shortText, timeZone: z.string() })),
  cabinets: z.array(z.strictObject({ key, site: key, name: shortText, doors: z.int().min(1).max(8) })),
  people: z.array(
    z.strictObject({
      key,
      name: shortText,
      displayName: shortText,
      language: z.enum(['en', 'fr']),
      groups: z.array(shortText),
      /** Badge number as the reader reports it: ten hexadecimal digits. */
      badge: z.string().regex(/^[0-9A-F]{10}$/),
    }),
  ),
  assets: z.array(
    z.strictObject({
      key,
      name: shortText,
      model: shortText,
      serial: shortText,
      epc,
      /** The cabinet it belongs to and starts in. */
      cabinet: key,
      /** The antenna nearest to its place. */
      antenna: z.int().min(1).max(4),
      groups: z.array(shortText),
      calibrationDueInDays: z.int().nullable(),
    }),
  ),
});
export type SampleCustomer = z.infer<typeof sampleCustomer>;

/** What the cloud hands to a cabinet at enrolment; the edge agent's configuration names this file. */
export const cabinetCredentials = z.strictObject({
  tenant: z.string(),
  cabinet: z.string(),
  name: shortText,
  site: shortText,
  mqttUrl: z.string(),
  /** Password for MQTT; the user name is `{tenant}/{cabinet}`, the client id is the cabinet id. */
  secret: z.string(),
  /** Ed25519 private key, PKCS #8 PEM. */
  signingKey: z.string(),
  /** The cloud's Ed25519 public key, SPKI PEM. Without it nothing tells a command of the cloud from a forged one. */
  cloudKey: z.string().optional(),
});
export type CabinetCredentials = z.infer<typeof cabinetCredentials>;
