import { type Icon, IconAlertTriangle, IconCircleCheck, IconClockExclamation } from '@tabler/icons-react';
import type { Tone } from '../../ui/badge.js';

/** So long before its end a licence is shown as ending soon; long enough to book a course. */
const soonMs = 30 * 86_400_000;

export type LicenceState = 'valid' | 'soon' | 'over';

export function licenceStateAt(validUntil: string | null, nowMs: number): LicenceState {
  if (validUntil === null) return 'valid';
  const leftMs = Date.parse(validUntil) - nowMs;
  return leftMs <= 0 ? 'over' : leftMs <= soonMs ? 'soon' : 'valid';
}

export const licenceLooks: Readonly<Record<LicenceState, { tone: Tone; icon: Icon }>> = {
  valid: { tone: 'ok', icon: IconCircleCheck },
  soon: { tone: 'due', icon: IconClockExclamation },
  over: { tone: 'bad', icon: IconAlertTriangle },
};
