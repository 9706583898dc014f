import { z } from 'zod';

const licence = z.strictObject({
  name: z.string().trim().min(1).max(120),
  /** Null for no end. */
  valid_until: z.iso.datetime().nullable(),
});

/** What a person may do at the cabinets beyond groups. Of the PIN no more is told than when it was set. */
export const personRights = z.strictObject({
  licences: z.array(z.strictObject({ name: z.string(), valid_until: z.string().nullable() })),
  pin_set_at: z.string().nullable(),
});
export type PersonRights = z.infer<typeof personRights>;

export const setLicences = z.strictObject({
  licences: z
    .array(licence)
    .max(100)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'a licence stands here twice'),
});

/** The way in without a badge: a personal number that nobody else has, and a secret. */
export const setPin = z.strictObject({
  number: z.string().regex(/^\d{3,10}$/, '3 to 10 digits'),
  pin: z.string().regex(/^\d{4,10}$/, '4 to 10 digits'),
});
