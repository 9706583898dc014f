import { z } from 'zod';
import { grantView } from './grant.js';

const licences = z.array(z.string().trim().min(1).max(120)).max(20);

/** What every item of a model, or every item that is reserved for a group, takes beyond what stands on the item. */
export const itemRuleView = z.strictObject({
  id: z.string(),
  /** Either a model or a group. */
  model: z.string().nullable(),
  group: z.string().nullable(),
  /** It is taken only with a second person's badge in the same session. */
  two_person: z.boolean(),
  /** Every one of these licences is needed. */
  licences: z.array(z.string()),
  note: z.string().nullable(),
  /** Items in use that it holds for now, of the sites that this user sees. */
  assets: z.int(),
  created_at: z.string(),
});
export type ItemRuleView = z.infer<typeof itemRuleView>;
export const itemRules = z.strictObject({ data: z.array(itemRuleView) });

export const newItemRule = z
  .strictObject({
    model: z.string().trim().min(1).max(120).nullable().default(null),
    group: z.string().trim().min(1).max(60).nullable().default(null),
    two_person: z.boolean().default(false),
    licences: licences.default([]),
    note: z.string().trim().min(1).max(200).nullable().default(null),
  })
  .refine(({ model, group }) => (model === null) !== (group === null), 'either a model or a group')
  .refine(({ two_person, licences }) => two_person || licences.length > 0, 'a rule that asks for nothing');

export const itemRuleChange = z
  .strictObject({
    two_person: z.boolean().optional(),
    licences: licences.optional(),
    note: z.string().trim().min(1).max(200).nullable().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change');

const source = {
  /** Where it comes from: the item itself, or the rule of its model or of one of its groups. */
  from: z.enum(['item', 'model', 'group']),
  /** The model or the group; null for the item itself. */
  name: z.string().nullable(),
};

/** All that decides who may take one item, each with where it comes from. */
export const assetRules = z.strictObject({
  licences: z.array(z.strictObject({ licence: z.string(), ...source })),
  /** Empty when one person is enough. */
  two_person: z.array(z.strictObject(source)),
  /** Only these groups may take it, beside whom a grant allows it; empty for everybody. */
  groups: z.array(z.string()),
  grants: z.array(grantView),
});
export type AssetRules = z.infer<typeof assetRules>;
