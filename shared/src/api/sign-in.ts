import { z } from 'zod';
import { reference } from './common.js';

export const signIn = z.strictObject({ email: z.email().max(254), password: z.string().min(1).max(256) });

export const role = z.enum(['admin', 'manager', 'viewer']);
export type Role = z.infer<typeof role>;

/** Who is signed in, for which customer, and which sites they may see (null = all). */
export const me = z.strictObject({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  tenant: reference,
  sites: z.array(reference).nullable(),
});
export type Me = z.infer<typeof me>;

/** A signed-in browser; ending it cuts its live connections at once. */
export const signInView = z.strictObject({
  id: z.string(),
  created_at: z.string(),
  last_used_at: z.string(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  current: z.boolean(),
});
export const signIns = z.strictObject({ data: z.array(signInView) });
