import { z } from 'zod';
import { reference } from './common.js';

const day = z.iso.date();

/**
 * `waiting` for a second administrator, `agreed` until its day, `closing` from then on: nobody signs in, cabinets
 * are told to forget people, and then everything goes. The others are ends at which the customer stays.
 */
export const offBoardingStatus = z.enum([
  'waiting',
  'agreed',
  'closing',
  'rejected',
  'withdrawn',
  'cancelled',
  'expired',
]);

/** A customer that leaves. */
export const offBoardingView = z.strictObject({
  status: offBoardingStatus,
  contract_ends_on: day,
  /** How many days after that the record of the contract is kept. */
  record_days: z.int(),
  asked_by: reference,
  asked_at: z.string(),
  /** Until then somebody else may agree. */
  expires_at: z.string(),
  decided_by: reference.nullable(),
  decided_at: z.string().nullable(),
  /** From then on everything goes; null until somebody has agreed. */
  remove_at: z.string().nullable(),
  /** When the whole trail was last exported since this was asked for; null while nobody has. */
  exported_at: z.string().nullable(),
  /** Legal holds that stand: while there is one nothing goes. */
  holds: z.int(),
});
export type OffBoardingView = z.infer<typeof offBoardingView>;

/** `GET /v1/off-boarding`: the newest one; null where nobody has ever asked. */
export const offBoardingAnswer = z.strictObject({ off_boarding: offBoardingView.nullable() });

/** `POST /v1/off-boarding`. */
export const askOffBoarding = z.strictObject({
  contract_ends_on: day,
  record_days: z.int().min(0).max(36_500),
});
export type AskOffBoarding = z.infer<typeof askOffBoarding>;

/** `POST /v1/off-boarding/approval`: the day again, so that nobody agrees to what they have not seen. */
export const approveOffBoarding = z.strictObject({
  contract_ends_on: day,
  /** Agrees although the trail was not exported since. */
  without_export: z.boolean().default(false),
});
export type ApproveOffBoarding = z.infer<typeof approveOffBoarding>;
