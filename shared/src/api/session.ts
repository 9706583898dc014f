import { z } from 'zod';
import { page, reference } from './common.js';
import { entryView } from './entry.js';

/** A cabinet session: from badge (or unsigned opening) to the settled count. */
export const sessionView = z.strictObject({
  id: z.string(),
  cabinet: reference,
  person: reference.nullable(),
  signed: z.boolean(),
  opened_at: z.string(),
  closed_at: z.string().nullable(),
  outcome: z.enum(['open', 'settled', 'unused', 'interrupted', 'unsettled']),
  taken: z.int(),
  returned: z.int(),
  disputed: z.int(),
  entries: z.array(entryView),
});
export type SessionView = z.infer<typeof sessionView>;
export const sessionPage = page(sessionView.omit({ entries: true }));
