import { z } from 'zod';
import { page, reference } from './common.js';

/** Something that arrived and could not be believed. Nothing is dropped silently. */
export const quarantineView = z.strictObject({
  id: z.string(),
  at: z.string(),
  cabinet: reference.nullable(),
  reason: z.string(),
  detail: z.string(),
  sequence: z.int().nullable(),
});
export type QuarantineView = z.infer<typeof quarantineView>;
export const quarantinePage = page(quarantineView);
