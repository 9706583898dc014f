import { z } from 'zod';
import { epc, instant, orderId, shortText } from '../events/fields.js';
import { takeReason } from '../events/take-reason.js';
import { returnOnly } from '../events/trace-event.js';

/**
 * What the screen offers besides "take, bring back, go": signing in without a badge, the order, the
 * second person, handing over, the answer to a dispute, the search, the notice.
 */

/** The way in without a badge: a personal number and a PIN. */
export const kioskKeypad = z.strictObject({
  /** The rulebook gives at least one person a PIN. */
  offered: z.boolean(),
  /** Until when no PIN is taken after too many wrong ones; null while PINs are taken. */
  lockedUntil: instant.nullable(),
});

export const kioskOrder = z.strictObject({ order: orderId, number: shortText, title: shortText.nullable() });
export type KioskOrder = z.infer<typeof kioskOrder>;

export const kioskOrders = z.strictObject({
  /** The open orders of the signed-in person. */
  open: z.array(kioskOrder),
  /** The one that every line of this session carries. */
  chosen: kioskOrder.nullable(),
  /** The person has said which one, or none; asked until then, never waited for. */
  decided: z.boolean(),
});

/** The second person of the two-person rule. */
export const kioskWitness = z.strictObject({
  /** The cabinet stays shut until the second badge. Otherwise it is open and only the named items need it. */
  toOpen: z.boolean(),
  /** Names of the items inside that nobody takes alone; a few of them. */
  items: z.array(shortText),
  /** Display name of the second person; null while nobody has confirmed. */
  confirmedBy: shortText.nullable(),
});

/** Waiting for the badge of the one who takes over, or who declares a tool lost beside the first. */
export const kioskHandOver = z.strictObject({
  /** The items are declared lost; nobody takes them over. */
  lost: z.boolean().optional(),
  items: z.array(z.strictObject({ epc, name: shortText })),
  /** Why the last badge was not taken: the same person, or a badge that may not open. */
  refused: z.enum(['same_person', 'not_allowed']).nullable(),
  /** The second person; set once it is done. */
  to: shortText.nullable(),
});

/** A line that the person said is wrong. */
export const kioskDispute = z.strictObject({
  epc,
  name: shortText,
  movement: z.enum(['taken', 'returned']),
  /**
   * `reading`: the cabinet reads again, longer and stronger. `corrected`: the tool is inside, the
   * line is off the person's list. `stays_disputed`: not found; it is on nobody's name until somebody decides.
   */
  stage: z.enum(['reading', 'corrected', 'stays_disputed']),
});
export type KioskDispute = z.infer<typeof kioskDispute>;

/** A tool inside that the signed-in person should not take; shown red, with the reason by name. */
export const kioskNotForYou = z.strictObject({ epc, name: shortText, ...takeReason.shape });
export type KioskNotForYou = z.infer<typeof kioskNotForYou>;

/** What the greeting warns of. */
export const kioskWarning = z.strictObject({
  kind: z.enum(['calibration_due', 'calibration_overdue', 'licence_due', 'licence_expired']),
  /** The tool, or the licence. */
  name: shortText,
  dueAt: instant,
  /** The person holds the tool now. */
  held: z.boolean(),
});
export type KioskWarning = z.infer<typeof kioskWarning>;

/** A search for a missing tool, until it is found, accounted for or declared lost. */
export const kioskSearch = z.strictObject({
  epc,
  name: shortText,
  startedAt: instant,
  /** Who had it last, for those who may see names; else null. */
  lastHolder: shortText.nullable(),
  /** Where it belongs or was last, in words; null when nobody knows. */
  lastPlace: shortText.nullable(),
  lastReadAt: instant.nullable(),
});
export type KioskSearch = z.infer<typeof kioskSearch>;

export const kioskNotice = z.strictObject({
  version: z.int(),
  text: z.string(),
  /** What changed since the version before, a few lines. */
  changes: z.array(shortText),
  contact: shortText.nullable(),
  /** Shown once to each person; false asks for the tap. */
  acknowledged: z.boolean(),
});
export type KioskNotice = z.infer<typeof kioskNotice>;

/** Bringing back alone: asked in the phase `return_offer`, in force in the session that follows. */
export const kioskReturnOnly = z.strictObject({
  why: returnOnly,
  /** What the person holds, to say what they bring. */
  items: z.array(z.strictObject({ epc, name: shortText })),
});
export type KioskReturnOnly = z.infer<typeof kioskReturnOnly>;

export const kioskDesk = z.strictObject({
  keypad: kioskKeypad,
  orders: kioskOrders.nullable(),
  witness: kioskWitness.nullable(),
  handOver: kioskHandOver.nullable(),
  dispute: kioskDispute.nullable(),
  notForYou: z.array(kioskNotForYou).max(50),
  warnings: z.array(kioskWarning).max(50),
  /** Children that did not come back with their kit, or stayed inside when it left. */
  kits: z.array(
    z.strictObject({
      kit: shortText,
      state: z.enum(['came_back_incomplete', 'left_incomplete']),
      children: z.array(shortText),
    }),
  ),
  searches: z.array(kioskSearch).max(50),
  /** What is missing, to start a search from; the names stand in `missing` in the same order. */
  missing: z.array(z.strictObject({ epc, name: shortText })),
  notice: kioskNotice.nullable(),
  returnOnly: kioskReturnOnly.nullable(),
  /** A tool was taken that should not have been: the screen and the sound say so at once. */
  alarm: z.boolean(),
});
export type KioskDesk = z.infer<typeof kioskDesk>;
