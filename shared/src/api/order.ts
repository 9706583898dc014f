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
});
