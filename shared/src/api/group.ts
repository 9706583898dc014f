import { z } from 'zod';

/** A group of people, as people, items, grants and rules name it; it exists as long as one of them does. */
export const groupView = z.strictObject({
  name: z.string(),
  /** People who are in it. */
  people: z.int(),
  /** Items in use that are reserved for it, of the sites that this user sees. */
  assets: z.int(),
  /** Grants and item rules that are for it. */
  rules: z.int(),
});
export type GroupView = z.infer<typeof groupView>;
export const groups = z.strictObject({ data: z.array(groupView) });
