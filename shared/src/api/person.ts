import { z } from 'zod';
import { page, pageQuery, reference } from './common.js';

export const personView = z.strictObject({
  id: z.string(),
  /** Null once the name has expired or was erased; the pseudonym stays. */
  name: z.string().nullable(),
  display_name: z.string().nullable(),
  language: z.enum(['en', 'fr']),
  status: z.enum(['active', 'suspended', 'left']),
  groups: z.array(z.string()),
  /** From then on no badge and no PIN of this person opens a cabinet for taking. */
  valid_until: z.string().nullable(),
  /** May see at the cabinets who has a tool. */
  sees_holders: z.boolean(),
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

/** What is left out stays as it is. Of the trail's line only the names of the fields are told, never what stood there. */
export const personChange = z
  .strictObject({
    name: z.string().trim().min(1).max(120).optional(),
    display_name: z.string().trim().min(1).max(60).optional(),
    language: z.enum(['en', 'fr']).optional(),
    groups: z.array(z.string().trim().min(1).max(60)).max(50).optional(),
    status: z.enum(['active', 'suspended']).optional(),
    valid_until: z.iso.datetime().nullable().optional(),
    sees_holders: z.boolean().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change');

export const departPerson = z.strictObject({ reason: z.string().trim().min(1).max(200).nullable().default(null) });

export const personDeparture = z.strictObject({
  person: personView,
  /** What the person still has out, at the sites that the reader may see, longest first. */
  open_items: z.array(z.strictObject({ asset: reference, since: z.string() })),
  /** How many more at other sites. */
  open_elsewhere: z.int(),
});
export type PersonDeparture = z.infer<typeof personDeparture>;
