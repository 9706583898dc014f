import { z } from 'zod';
import { attentionFigures } from './attention.js';
import { freshness } from './common.js';

/** `GET /v1/overview`: what needs somebody now. Each figure opens exactly those rows. */
export const overview = z.strictObject({
  freshness,
  assets: z.strictObject({
    total: z.int(),
    available: z.int(),
    out: z.int(),
    missing: z.int(),
    disputed: z.int(),
    quarantine: z.int(),
    calibration: z.int(),
    unknown: z.int(),
  }),
  cabinets: z.strictObject({ total: z.int(), online: z.int(), silent: z.int(), faulty: z.int(), open: z.int() }),
  quarantined_events: z.int(),
  attention: attentionFigures,
});
export type Overview = z.infer<typeof overview>;
