import { z } from 'zod';
import { count, epc, hex64, instant, orderId, personId, shortText } from './fields.js';
import { takeReasonCode } from './take-reason.js';

/**
 * The `data` of what people do at the cabinet's screen: signing in by PIN, choosing an order,
 * disputing, reporting, handing over, searching. The actor, asset, session and order stand in the
 * envelope; a kind that moves custody carries the whole outcome, so that the newest one alone
 * says where the item is and the order of arrival does not matter.
 */

/** An unknown number answers as a wrong PIN: the keypad does not tell who exists. */
export const pinRefusal = z.enum(['pin_wrong', 'pin_locked']);
export type PinRefusal = z.infer<typeof pinRefusal>;

export const reportedWhat = z.enum(['broken', 'incomplete', 'lost']);
export type ReportedWhat = z.infer<typeof reportedWhat>;

const named = { epc, name: shortText };
const movement = z.enum(['taken', 'returned']);

export const deskEventData = {
  'pin.accepted': { numberHash: hex64 },
  'pin.refused': {
    numberHash: hex64,
    refusal: z.union([pinRefusal, z.enum(['expired', 'suspended', 'rulebook_missing'])]),
    /** Set by the attempt that locks: how long no PIN is taken. */
    lockedForMs: z.int().min(0).optional(),
  },
  'session.order_chosen': {
    /** Null for none; the same order stands in the envelope. */
    order: orderId.nullable(),
    number: shortText.nullable(),
  },
  /** The actor stands beside `beside` as the second person. */
  'witness.confirmed': { beside: personId },
  /** An item left that the rules forbid; the line itself is an `asset.checked_out` beside it. */
  'take.forbidden': {
    ...named,
    reason: takeReasonCode,
    reasonName: shortText.nullable(),
    reasonSince: instant.nullable(),
  },
  /** "That's wrong": from here on the item is on nobody's name until somebody decides. */
  'asset.disputed': { ...named, movement },
  /** After the cabinet has read again. `corrected`: the item is inside after all, and nobody holds it. */
  'dispute.settled': {
    ...named,
    movement,
    outcome: z.enum(['corrected', 'stays_disputed']),
    rounds: z.int().min(0),
    /** The raised transmit power of these rounds; left out where it was the usual one. */
    readPowerDbm: z.number().min(0).max(40).optional(),
  },
  'asset.reported': { ...named, what: reportedWhat, note: shortText.nullable() },
  /** The actor has the item from now on. */
  'custody.handed_over': { ...named, from: personId },
  'shift.ended': {
    items: z
      .array(
        z.strictObject({
          ...named,
          decision: z.enum(['keeping', 'left_on_job', 'returned_elsewhere', 'lost']),
          note: shortText.nullable(),
        }),
      )
      .max(200),
  },
  'search.started': { ...named, lastHolder: personId.nullable(), lastReadAt: instant.nullable() },
  'search.closed': {
    ...named,
    outcome: z.enum(['found', 'accounted', 'declared_lost']),
    note: shortText.nullable(),
    /** Who declared it lost beside the actor: one person alone cannot. */
    witness: personId.optional(),
  },
  'kit.incomplete': {
    ...named,
    state: z.enum(['came_back_incomplete', 'left_incomplete']),
    children: z.array(z.strictObject(named)).max(500),
  },
  'notice.acknowledged': { version: count.min(1) },
} as const;

export type DeskEventKind = keyof typeof deskEventData;

export const categoryOfDesk = {
  'pin.accepted': 'session',
  'pin.refused': 'security',
  'session.order_chosen': 'session',
  'witness.confirmed': 'session',
  'take.forbidden': 'security',
  'asset.disputed': 'custody',
  'dispute.settled': 'custody',
  'asset.reported': 'custody',
  'custody.handed_over': 'custody',
  'shift.ended': 'custody',
  'search.started': 'inventory',
  'search.closed': 'inventory',
  'kit.incomplete': 'inventory',
  'notice.acknowledged': 'session',
} as const satisfies Readonly<Record<DeskEventKind, string>>;
