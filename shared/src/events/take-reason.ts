import { z } from 'zod';
import { instant, shortText } from './fields.js';

/** Why an item should not be taken, as a code. No such list exists for returns: nothing refuses one. */
export const takeReasonCode = z.enum([
  'quarantine',
  'retired',
  'reported',
  'calibration_overdue',
  'not_in_group',
  'not_granted',
  'denied',
  'outside_window',
  'licence_missing',
  'licence_expired',
  'witness_missing',
  'reader_out_of_order',
  'disk_out_of_order',
  'badge_expired',
  'person_suspended',
]);
export type TakeReasonCode = z.infer<typeof takeReasonCode>;

/** The code with what makes it a sentence by name: "torque licence expired 3 May". */
export const takeReason = z.strictObject({
  reason: takeReasonCode,
  /** The licence, the groups, the hours or the note that the reason is about. */
  reasonName: shortText.nullable(),
  /** Since when: the end of a licence or of a calibration, the time of a report. */
  reasonSince: instant.nullable(),
});
export type TakeReason = z.infer<typeof takeReason>;
