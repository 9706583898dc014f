import { z } from 'zod';
import { shortText } from '../events/fields.js';

/** `application/problem+json` (RFC 9457). `type` is stable and documented; `detail` says what to do. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  request_id: z.string(),
  errors: z.array(z.object({ field: z.string(), problem: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

/** Lists come newest first unless the route says otherwise; the cursor is opaque. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(300).optional(),
};

export function page<S extends z.ZodType>(item: S) {
  return z.strictObject({ data: z.array(item), has_more: z.boolean(), next_cursor: z.string().nullable() });
}

/** Another object, by id and by the name that a person reads. A person whose name expired has `name: null`. */
export const reference = z.strictObject({ id: z.string(), name: shortText.nullable() });
export type Reference = z.infer<typeof reference>;

/**
 * How far a figure can be trusted: when it was true and which cabinets have not reported past
 * that time. `complete` is false as soon as one of them is silent or has events waiting.
 */
export const freshness = z.strictObject({
  as_of: z.string(),
  complete: z.boolean(),
  silent_cabinets: z.array(reference),
});
export type Freshness = z.infer<typeof freshness>;
