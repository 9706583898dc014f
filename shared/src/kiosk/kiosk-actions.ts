import { z } from 'zod';
import { epc, instant, orderId, shortText } from '../events/fields.js';
import { takeReason } from '../events/take-reason.js';

/**
 * Everything that the kiosk page can ask of the agent: `POST {path}` with the body below. The
 * answer is `{ok: true}` (or the named answer), or `{ok: false, code}` with status 409 when the
 * cabinet is in no state to do it and 400 when the body is not understood. A second badge is no
 * POST: it is held to the reader.
 */

/** `POST /api/pin`: sign in without a badge; also stands in for the second badge. */
export const kioskPinAction = z.strictObject({
  /** The personal number that the tool store gave out. */
  number: z.string().regex(/^[0-9]{1,12}$/),
  pin: z.string().regex(/^[0-9]{4,12}$/),
});

/** `POST /api/order`: the order of this session; null for none. */
export const kioskOrderAction = z.strictObject({ order: orderId.nullable() });

/** `POST /api/dispute`: "that's wrong" on a line of the receipt. The cabinet reads again. */
export const kioskDisputeAction = z.strictObject({ epc });

/** `POST /api/report`: the tool goes to quarantine at once. */
export const kioskReportAction = z.strictObject({
  epc,
  what: z.enum(['broken', 'incomplete', 'lost']),
  note: shortText.nullable(),
});

/** `POST /api/hand-over`: these tools go to whoever badges next. An empty list gives up. */
export const kioskHandOverAction = z.strictObject({ epcs: z.array(epc).max(200) });

export const shiftDecision = z.enum(['keeping', 'left_on_job', 'returned_elsewhere', 'lost']);
export type ShiftDecision = z.infer<typeof shiftDecision>;

/** `POST /api/shift-end`: one decision for each tool that the person holds; none may be left out. */
export const kioskShiftEndAction = z.strictObject({
  decisions: z.array(z.strictObject({ epc, decision: shiftDecision, note: shortText.nullable() })).max(200),
});

/** `POST /api/find`: where is it, who has it. Works without a badge; names only for those who may see them. */
export const kioskFindAction = z.strictObject({ text: z.string().min(1).max(60) });

export const kioskFound = z.strictObject({
  epc,
  name: shortText,
  model: shortText.nullable(),
  where: z.enum(['inside', 'out', 'missing', 'elsewhere']),
  /** Since when it is out; null when it is not, or nobody knows. */
  since: instant.nullable(),
  /** Who has it; null for those who may not see names. */
  holder: shortText.nullable(),
  /** Why it should not be taken; null when it may be. */
  forbidden: takeReason.nullable(),
  calibrationDueAt: instant.nullable(),
});
export type KioskFound = z.infer<typeof kioskFound>;

export const kioskFindAnswer = z.strictObject({ ok: z.literal(true), items: z.array(kioskFound).max(20) });

/** `POST /api/search`: starts or ends the search for a missing tool. Declared lost is for two: a second badge is asked for. */
export const kioskSearchAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('start'), epc }),
  z.strictObject({ action: z.literal('close'), epc, outcome: z.enum(['accounted', 'declared_lost']), note: shortText }),
]);

/** `POST /api/my-data`: what this cabinet knows of the signed-in person; no body fields. */
export const kioskMyDataAction = z.strictObject({});

export const kioskMyDataAnswer = z.strictObject({
  ok: z.literal(true),
  displayName: shortText,
  groups: z.array(shortText),
  licences: z.array(z.strictObject({ name: shortText, validUntil: instant.nullable() })),
  holding: z.array(z.strictObject({ name: shortText, since: instant })),
  /** The last sessions at this cabinet, newest first. */
  sessions: z
    .array(
      z.strictObject({
        openedAt: instant,
        outcome: shortText,
        taken: z.array(shortText),
        returned: z.array(shortText),
      }),
    )
    .max(20),
  notice: z.strictObject({ version: z.int(), text: z.string(), contact: shortText.nullable() }).nullable(),
});
export type KioskMyData = z.infer<typeof kioskMyDataAnswer>;

/** `POST /api/notice`: the person has seen this version of the privacy notice. */
export const kioskNoticeAction = z.strictObject({ version: z.int().min(1) });

/** `POST /api/return-only`: the person only brings back, and says what if they like. The cabinet opens. */
export const kioskReturnOnlyAction = z.strictObject({ epcs: z.array(epc).max(200) });

/** Why an action was not done. */
export const kioskRefusalCode = z.enum([
  'bad_request',
  'not_signed_in',
  'not_now',
  'not_your_item',
  'unknown_item',
  'unknown_order',
  'decision_missing',
  'busy',
  'disk_refused',
]);
export type KioskRefusalCode = z.infer<typeof kioskRefusalCode>;

export const kioskAnswer = z.union([
  z.strictObject({ ok: z.literal(true) }),
  z.strictObject({ ok: z.literal(false), code: kioskRefusalCode }),
]);
export type KioskAnswer = z.infer<typeof kioskAnswer>;

/** Path and body of each action. */
export const kioskActions = {
  pin: { path: '/api/pin', body: kioskPinAction },
  order: { path: '/api/order', body: kioskOrderAction },
  dispute: { path: '/api/dispute', body: kioskDisputeAction },
  report: { path: '/api/report', body: kioskReportAction },
  handOver: { path: '/api/hand-over', body: kioskHandOverAction },
  shiftEnd: { path: '/api/shift-end', body: kioskShiftEndAction },
  find: { path: '/api/find', body: kioskFindAction },
  search: { path: '/api/search', body: kioskSearchAction },
  myData: { path: '/api/my-data', body: kioskMyDataAction },
  notice: { path: '/api/notice', body: kioskNoticeAction },
  returnOnly: { path: '/api/return-only', body: kioskReturnOnlyAction },
} as const;
export type KioskActionName = keyof typeof kioskActions;
export type KioskActionBody<N extends KioskActionName> = z.infer<(typeof kioskActions)[N]['body']>;
