import { z } from 'zod';
import { page, pageQuery, reference } from './common.js';

export const orderState = z.enum(['open', 'closed']);

/** A work order as people choose it at a cabinet; its lines carry it. */
export const orderView = z.strictObject({
  id: z.string(),
  number: z.string(),
  title: z.string().nullable(),
  state: orderState,
  /** Null for everybody. */
  people: z.array(reference).nullable(),
  /** The cabinets that offer it; null for all. Those of sites that this user may not see are left out. */
  cabinets: z.array(reference).nullable(),
  created_at: z.string(),
  closed_at: z.string().nullable(),
});
export type OrderView = z.infer<typeof orderView>;
export const orderPage = page(orderView);
export const orderQuery = z.strictObject({ ...pageQuery, state: orderState.optional() });

export const newOrder = z.strictObject({
  number: z.string().trim().min(1).max(60),
  title: z.string().trim().min(1).max(120).nullable().default(null),
  people_ids: z.array(z.string()).min(1).max(1000).nullable().default(null),
  cabinet_ids: z.array(z.string()).min(1).max(1000).nullable().default(null),
});

export const orderChange = z
  .strictObject({
    title: z.string().trim().min(1).max(120).nullable().optional(),
    people_ids: z.array(z.string()).min(1).max(1000).nullable().optional(),
    cabinet_ids: z.array(z.string()).min(1).max(1000).nullable().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change');
