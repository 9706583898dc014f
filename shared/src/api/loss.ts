import { z } from 'zod';
import { page, pageQuery, reference } from './common.js';

const note = z.string().trim().min(1).max(200);

/** Whose word it is, and when; null where the time of the line is over. */
const word = z.strictObject({ by: reference.nullable(), at: z.string().nullable(), note: z.string().nullable() });

export const lossStatus = z.enum(['waiting', 'confirmed', 'rejected', 'withdrawn']);
export type LossStatus = z.infer<typeof lossStatus>;

/** A tool that somebody says is lost for good. One person alone does not write it off: another one confirms. */
export const lossView = z.strictObject({
  id: z.string(),
  asset: reference,
  site: reference.nullable(),
  status: lossStatus,
  asked: word,
  decided: word.nullable(),
});
export type LossView = z.infer<typeof lossView>;
export const lossPage = page(lossView);
export const lossQuery = z.strictObject({ ...pageQuery, status: lossStatus.optional() });

/** `POST /v1/assets/{id}/loss`: what was done to find it. */
export const askLoss = z.strictObject({ note });

/** `POST /v1/losses/{id}/confirmation` and `/rejection`. */
export const decideLoss = z.strictObject({ note: note.nullable().default(null) });
