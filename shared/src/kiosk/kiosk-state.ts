import { z } from 'zod';
import { pinRefusal } from '../events/desk-event.js';
import { refusal } from '../events/trace-event.js';
import { kioskDesk } from './kiosk-desk.js';

/**
 * What the cabinet's own screen shows. The agent serves it on loopback: `GET /api/state` once,
 * `GET /api/stream` as server-sent events (one `state` event for each change, a comment every
 * 15 s), `POST /api/sign-out` to leave early; all other actions stand in `kiosk-actions.ts`.
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
  /** What was taken, what was returned, what is still held; also while a line is read again. */
  'receipt',
  /** The person may open the cabinet only together with a second one, who has not badged yet. */
  'witness',
  /** Tools are being handed over: waiting for the badge of the one who takes them. */
  'hand_over',
  /** Nothing may be taken; asks whether the person only brings back. */
  'return_offer',
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
  /** What makes the reason a sentence by name, and since when. */
  reasonName: z.string().nullable().optional(),
  reasonSince: z.string().nullable().optional(),
  /** The person said that this line is wrong. */
  dispute: z.enum(['reading', 'corrected', 'stays_disputed']).optional(),
  /** The person reported it; it is in quarantine. */
  reported: z.enum(['broken', 'incomplete', 'lost']).optional(),
  /** Set when the calibration ends soon. */
  calibrationDueAt: z.string().optional(),
});
export type KioskLine = z.infer<typeof kioskLine>;

export const kioskState = z.strictObject({
  cabinet: z.string(),
  site: z.string(),
  language: z.enum(['en', 'fr']),
  now: z.string(),
  phase: kioskPhase,
  person: z.strictObject({ displayName: z.string() }).nullable(),
  refusal: z.union([refusal, pinRefusal]).nullable(),
  lines: z.array(kioskLine),
  /** What the signed-in person holds in all, as far as this cabinet knows. */
  holding: z.array(z.strictObject({ name: z.string(), since: z.string(), epc: z.string().optional() })),
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
  /** The door has stood open for longer than it should. */
  doorLeftOpen: z.boolean().optional(),
  /** The receipt could not be counted: the lines are what the person said, and the rest follows. */
  uncounted: z.boolean().optional(),
  /** Left out by a screen that only shows who comes and goes. */
  desk: kioskDesk.optional(),
});
export type KioskState = z.infer<typeof kioskState>;
