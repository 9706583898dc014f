import { z } from 'zod';
import { reference } from './common.js';

/** Where one cabinet stands with its rules. Versions are counted for each cabinet: what it need not know makes none. */
export const cabinetRules = z.strictObject({
  cabinet: reference,
  site: reference,
  link: z.enum(['online', 'stale', 'offline', 'never']),
  /** The newest version for it, and since when; null while none was written. */
  newest: z.int().nullable(),
  issued_at: z.string().nullable(),
  /** The version that it says it works by, and when it said so; null while it has said nothing. */
  acknowledged: z.int().nullable(),
  acknowledged_at: z.string().nullable(),
  /** It does not work by the newest version, as far as is known. */
  behind: z.boolean(),
});
export type CabinetRules = z.infer<typeof cabinetRules>;

/** "The newest rules are on 11 of 12 cabinets", and which those are that are behind. */
export const rulesStatus = z.strictObject({
  as_of: z.string(),
  cabinets: z.int(),
  up_to_date: z.int(),
  /** Those that are behind first. */
  data: z.array(cabinetRules),
});
export type RulesStatus = z.infer<typeof rulesStatus>;

/** How far a change of the rules has come, cabinet by cabinet, such as the end of a badge. */
export const changeReach = z.strictObject({
  as_of: z.string(),
  /** When the change was made. */
  changed_at: z.string(),
  cabinets: z.int(),
  reached: z.int(),
  data: z.array(
    z.strictObject({
      cabinet: reference,
      site: reference,
      link: cabinetRules.shape.link,
      /** It has said that it works by rules with this change; until then the badge may still open it. */
      reached: z.boolean(),
      reached_at: z.string().nullable(),
    }),
  ),
});
export type ChangeReach = z.infer<typeof changeReach>;
