import { z } from 'zod';
import { refusal } from '../events/trace-event.js';

/**
 * What the cabinet's own screen shows. The agent serves it on loopback: `GET /api/state` once,
 * `GET /api/stream` as server-sent events (one `state` event for each change, a comment every
 * 15 s), `POST /api/sign-out` to leave the receipt early.
 */
export const kioskPhase = z.enum([
  /** Waiting for a badge. */
  'idle',
  /** A badge was refused; shown for a few seconds. */
  'refused',
  /** Greeting; the lock is about to open or is open, the door is not. */
  'unlocked',
  /** A door is open. */
  'open',
  /** Doors are closed, inventory rounds are running. */
  'reading',
  /** What was taken, what was returned, what is still held. */
  'receipt',
  /** A device that the cabinet cannot work without is gone. */
  'out_of_order',
]);
export type KioskPhase = z.infer<typeof kioskPhase>;

export const kioskLine = z.strictObject({
  epc: z.string(),
  name: z.string(),
  movement: z.enum(['taken', 'returned']),
  disputed: z.boolean(),
  /** `allowed`, or why it should not have been taken, as a code of `TakeRefusal`. */
  authority: z.enum(['allowed', 'forbidden', 'unsigned']),
  reason: z.string().nullable(),
  /** For a return: the display name of who had taken it, when somebody else did. */
  takenBy: z.string().nullable(),
});
export type KioskLine = z.infer<typeof kioskLine>;

export const kioskState = z.strictObject({
  cabinet: z.string(),
  site: z.string(),
  language: z.enum(['en', 'fr']),
  now: z.string(),
  phase: kioskPhase,
  person: z.strictObject({ displayName: z.string() }).nullable(),
  refusal: refusal.nullable(),
  lines: z.array(kioskLine),
  /** What the signed-in person holds in all, as far as this cabinet knows. */
  holding: z.array(z.strictObject({ name: z.string(), since: z.string() })),
  /** Rounds done and items seen while reading. */
  reading: z.strictObject({ rounds: z.int(), seen: z.int() }).nullable(),
  /** Items that belong inside, were not read and are signed for by nobody. */
  missing: z.array(z.string()),
  /** When the screen returns to idle, if it will by itself. */
  leavesAt: z.string().nullable(),
  offlineSince: z.string().nullable(),
  pending: z.int(),
  rulebookIssuedAt: z.string().nullable(),
  faults: z.array(z.strictObject({ device: z.string(), status: z.string() })),
});
export type KioskState = z.infer<typeof kioskState>;
