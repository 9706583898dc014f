import { z } from 'zod';
import { page, pageQuery } from './common.js';

export const personView = z.strictObject({
  id: z.string(),
  /** Null once the name has expired or was erased; the pseudonym stays. */
  name: z.string().nullable(),
  display_name: z.string().nullable(),
  language: z.enum(['en', 'fr']),
  status: z.enum(['active', 'suspended']),
  groups: z.array(z.string()),
  badges: z.array(
    z.strictObject({
      id: z.string(),
      status: z.enum(['active', 'lost', 'revoked']),
      issued_at: z.string(),
      /** The last four digits only. */
      ends_with: z.string(),
    }),
  ),
  holding: z.int(),
  last_session_at: z.string().nullable(),
});
export type PersonView = z.infer<typeof personView>;
export const personPage = page(personView);

export const personQuery = z.strictObject({ ...pageQuery, q: z.string().max(100).optional() });

export const newPerson = z.strictObject({
  name: z.string().trim().min(1).max(120),
  display_name: z.string().trim().min(1).max(60),
  language: z.enum(['en', 'fr']).default('en'),
  groups: z.array(z.string().min(1).max(60)).max(50).default([]),
});

export const issueBadge = z.strictObject({
  /** As the reader reports it: hexadecimal digits. */
  number: z.string().regex(/^[0-9A-Fa-f]{4,32}$/, 'hexadecimal digits as the reader reports them'),
});
export const revokeBadge = z.strictObject({ reason: z.enum(['lost', 'revoked']) });
