import { z } from 'zod';
import { dataCategory } from '../events/trace-event.js';
import { page } from './common.js';

/** How long one category of data is kept, and what happens then. `keep_days: null` keeps for ever. */
export const retentionRule = z.strictObject({
  category: dataCategory,
  keep_days: z.int().min(1).max(36_500).nullable(),
  action: z.enum(['delete', 'pseudonymise']),
  updated_at: z.string().nullable(),
});
export type RetentionRule = z.infer<typeof retentionRule>;
export const retentionRules = z.strictObject({ data: z.array(retentionRule) });
export const setRetentionRule = z.strictObject({
  keep_days: z.int().min(1).max(36_500).nullable(),
  action: z.enum(['delete', 'pseudonymise']),
});

/** What a rule would do if it ran now. */
export const rehearsal = z.strictObject({
  category: dataCategory,
  action: z.enum(['delete', 'pseudonymise']),
  before: z.string().nullable(),
  entries: z.int(),
  oldest: z.string().nullable(),
  newest: z.string().nullable(),
});
export const retentionRun = z.strictObject({
  id: z.string(),
  category: dataCategory,
  action: z.enum(['delete', 'pseudonymise']),
  before: z.string(),
  entries: z.int(),
  ran_at: z.string(),
  /** The trail entry that records this run. */
  index: z.int(),
});
export type RetentionRun = z.infer<typeof retentionRun>;
export const retentionRunPage = page(retentionRun);
