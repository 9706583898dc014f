import { z } from 'zod';
import { newItemRule } from '../api/item-rule.js';
import { newNotice } from '../api/notice.js';
import { setPin } from '../api/person-rights.js';
import { epc, shortText } from '../events/fields.js';
import { timeWindow } from '../rules/rulebook.js';

/**
 * A customer described in one file: what the cloud creates and what the simulated cabinets hold.
 * Names refer to each other by `key`, which is only used inside the file.
 */
const key = z.string().regex(/^[a-z0-9-]{1,40}$/, 'lower-case letters, digits and dashes');

/** What the office of the customer has decided; people, assets and cabinets stand by their keys. */
export const sampleRules = z.strictObject({
  pins: z.array(setPin.extend({ person: key })),
  licences: z.array(
    z.strictObject({
      person: key,
      name: shortText,
      /** Negative for one that has ended; null for no end. */
      endsInDays: z.int().nullable(),
    }),
  ),
  itemRules: z.array(newItemRule),
  /** Each for a person or a group, about these assets or a model. */
  grants: z.array(
    z.strictObject({
      effect: z.enum(['allow', 'deny']),
      person: key.nullable().default(null),
      group: shortText.nullable().default(null),
      assets: z.array(key).min(1).nullable().default(null),
      model: shortText.nullable().default(null),
      windows: z.array(timeWindow).nullable().default(null),
      note: shortText.nullable().default(null),
    }),
  ),
  kits: z.array(z.strictObject({ kit: key, children: z.array(key).min(1) })),
  /** For everybody, or everywhere, where it names nobody or no cabinet. */
  orders: z.array(
    z.strictObject({
      number: shortText,
      title: shortText,
      people: z.array(key).min(1).nullable().default(null),
      cabinets: z.array(key).min(1).nullable().default(null),
    }),
  ),
  /** Assets that lie in a place that has a name. */
  places: z.array(z.strictObject({ asset: key, place: shortText })),
  notice: newNotice,
});
export type SampleRules = z.infer<typeof sampleRules>;

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
  rules: sampleRules.optional(),
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
