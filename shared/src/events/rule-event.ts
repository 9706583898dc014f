import { z } from 'zod';
import { assetId, orderId, shortText } from './fields.js';

/**
 * The `data` of what the office decides about rules, and of what it looks after. Persons, items and
 * cabinets stand in the entry's columns; words that people typed are in `note`, which is personal.
 */
const change = z.record(z.string(), z.strictObject({ from: z.unknown(), to: z.unknown() }));

const grant = {
  grant: z.string(),
  effect: z.enum(['allow', 'deny']),
  group: shortText.nullable(),
  model: shortText.nullable(),
  /** How many items it names; null for those of the model, or for all. */
  assets: z.int().nullable(),
  validUntil: z.string().nullable(),
  note: shortText.nullable(),
};

const itemRule = {
  rule: z.string(),
  model: shortText.nullable(),
  group: shortText.nullable(),
  /** Two people take them. */
  inPairs: z.boolean(),
  licences: z.array(shortText),
  note: shortText.nullable(),
};

export const ruleEventData = {
  'grant.added': z.strictObject(grant),
  'grant.changed': z.strictObject({ ...grant, fields: z.array(z.string()) }),
  'grant.ended': z.strictObject(grant),
  'item_rule.added': z.strictObject(itemRule),
  'item_rule.changed': z.strictObject({ ...itemRule, fields: z.array(z.string()) }),
  'item_rule.ended': z.strictObject(itemRule),
  /** The asset is the kit; no children left is the end of the kit. */
  'kit.changed': z.strictObject({ children: z.int(), added: z.array(assetId), removed: z.array(assetId) }),
  'kit.child_added': z.strictObject({ kit: assetId, kitName: shortText }),
  'kit.child_removed': z.strictObject({ kit: assetId, kitName: shortText }),
  'notice.published': z.strictObject({ version: z.int() }),
  'order.changed': z.strictObject({ order: orderId, number: shortText, fields: z.array(z.string()) }),
  'cabinet.updated': z.strictObject({ change, reason: shortText.nullable() }),
  /** Somebody says that a tool is lost for good; another one has to confirm. */
  'asset.loss_asked': z.strictObject({ loss: z.string(), note: shortText }),
  /** The second person's word: it is written off. */
  'asset.declared_lost': z.strictObject({ loss: z.string(), note: shortText.nullable() }),
  'asset.loss_rejected': z.strictObject({
    loss: z.string(),
    outcome: z.enum(['rejected', 'withdrawn']),
    note: shortText.nullable(),
  }),
  /** Somebody wants the customer to leave; another administrator has to agree. */
  'customer.leaving_asked': z.strictObject({ contractEndsOn: z.string(), recordDays: z.int() }),
  /** `removeAt` is set where it was agreed, and `exported` where the whole trail had been exported since it was asked for. */
  'customer.leaving_decided': z.strictObject({
    outcome: z.enum(['agreed', 'rejected', 'withdrawn', 'cancelled']),
    removeAt: z.string().nullable(),
    exported: z.boolean(),
  }),
  /** Its day has come: nobody signs in any more, and its cabinets forget people. */
  'customer.closing': z.strictObject({ users: z.int(), cabinets: z.int() }),
  /** Whoever runs the cloud took the names out in a diagnostic file, because the customer had agreed as `note` says. */
  'diagnostics.names_shown': z.strictObject({ expiresAt: z.string(), note: shortText }),
  /** What it is about is in the case, which goes on its own clock. */
  'support_case.opened': z.strictObject({ case: z.string() }),
  'support_case.closed': z.strictObject({ case: z.string() }),
  /** The actor looks after what `about` names, as it stood at `mark`. */
  'attention.acknowledged': z.strictObject({
    about: z.string(),
    what: shortText,
    mark: z.string(),
    note: shortText.nullable(),
  }),
} as const;

export type RuleEventKind = keyof typeof ruleEventData;

export const categoryOfRule = {
  'grant.added': 'administration',
  'grant.changed': 'administration',
  'grant.ended': 'administration',
  'item_rule.added': 'administration',
  'item_rule.changed': 'administration',
  'item_rule.ended': 'administration',
  'kit.changed': 'administration',
  'kit.child_added': 'administration',
  'kit.child_removed': 'administration',
  'notice.published': 'administration',
  'order.changed': 'administration',
  'cabinet.updated': 'administration',
  'asset.loss_asked': 'administration',
  'asset.declared_lost': 'administration',
  'asset.loss_rejected': 'administration',
  'customer.leaving_asked': 'administration',
  'customer.leaving_decided': 'administration',
  'customer.closing': 'administration',
  'diagnostics.names_shown': 'security',
  'support_case.opened': 'administration',
  'support_case.closed': 'administration',
  'attention.acknowledged': 'administration',
} as const satisfies Readonly<Record<RuleEventKind, string>>;
