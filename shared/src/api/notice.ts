import { z } from 'zod';
import { page } from './common.js';

const inBoth = <S extends z.ZodType>(what: S) => z.strictObject({ en: what, fr: what });
const long = z.string().trim().min(1).max(5000);
const lines = z.array(z.string().trim().min(1).max(200)).max(5);

/** What cabinets tell people about their data. Every version stays readable; the newest one is shown. */
export const noticeView = z.strictObject({
  version: z.int(),
  text: inBoth(z.string()),
  /** What is new in it, in a few lines. */
  changes: inBoth(z.array(z.string())),
  /** Whom to ask. */
  contact: z.string().nullable(),
  published_at: z.string(),
  /** People who acknowledged this version at a cabinet, as far as their lines are kept. */
  acknowledged: z.int(),
});
export type NoticeView = z.infer<typeof noticeView>;
export const noticePage = page(noticeView);

export const newNotice = z.strictObject({
  text: inBoth(long),
  changes: inBoth(lines).default({ en: [], fr: [] }),
  contact: z.string().trim().min(1).max(200).nullable().default(null),
});
