import { z } from 'zod';
import { page, pageQuery, reference } from './common.js';

/** A closed case is deleted after so many days, with every word in it. */
export const supportCaseKeepDays = 180;

export const supportCaseStatus = z.enum(['open', 'closed']);

/** What a customer asks for help with; for administrators. */
export const supportCaseView = z.strictObject({
  id: z.string(),
  status: supportCaseStatus,
  subject: z.string(),
  text: z.string(),
  /** What came of it, said by whoever closed it. */
  outcome: z.string().nullable(),
  /** The index of the line that says who agreed to a diagnostic file with names. */
  consent_index: z.int().nullable(),
  opened_by: reference,
  opened_at: z.string(),
  closed_by: reference.nullable(),
  closed_at: z.string().nullable(),
  /** From when on retention deletes it; null while it is open. A legal hold keeps it longer. */
  delete_at: z.string().nullable(),
});
export type SupportCaseView = z.infer<typeof supportCaseView>;
export const supportCasePage = page(supportCaseView);
export const supportCaseQuery = z.strictObject({ ...pageQuery, status: supportCaseStatus.optional() });

const words = z.string().trim().min(1).max(10_000);

export const newSupportCase = z.strictObject({
  subject: z.string().trim().min(1).max(120),
  text: words,
  consent_index: z.int().min(0).nullable().default(null),
});

export const supportCaseEnd = z.strictObject({ outcome: words.nullable().default(null) });
