import type { SqlTransaction } from '../sql-transaction.js';
import { foldAcknowledgements } from './acknowledgement.js';
import { alarmKinds, foldAlarms } from './alarm.js';
import { foldCabinetSessions } from './cabinet-session.js';
import { foldCabinetState } from './cabinet-state.js';
import { foldCustody, moveKinds } from './custody.js';
import { foldIncidents, incidentKinds } from './incident.js';
import type { TrailSpan } from './span.js';

/** Raised when a projection is added or folded otherwise: then every trail is folded anew after the next start. */
export const projectionsVersion = 1;

/** Takes a span of the trail into every projection; the span follows the last one without a hole. */
export async function foldTrail(tx: SqlTransaction, span: TrailSpan, kinds: ReadonlySet<string>): Promise<void> {
  const hasSession = kinds.has('session.opened') || kinds.has('session.closed');
  const hasCount = kinds.has('inventory.settled');
  if (hasSession) await foldCabinetSessions(tx, span);
  if (hasSession || hasCount) await foldCabinetState(tx, span);
  if (hasCount || moveKinds.some((kind) => kinds.has(kind))) await foldCustody(tx, span, kinds);
  if (incidentKinds.some((kind) => kinds.has(kind))) await foldIncidents(tx, span);
  if (alarmKinds.some((kind) => kinds.has(kind))) await foldAlarms(tx, span);
  if (kinds.has('attention.acknowledged')) await foldAcknowledgements(tx, span);
}

/** The kinds that some projection takes in. */
export const foldedKinds: ReadonlySet<string> = new Set([
  'session.opened',
  'session.closed',
  'inventory.settled',
  ...moveKinds,
  ...incidentKinds,
  ...alarmKinds,
  'attention.acknowledged',
]);
