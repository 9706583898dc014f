import type { CabinetView, LiveServerEvents } from '@tagtrail/shared/live/protocol.js';
import type { Scope } from '../auth/scope.js';
import { readAllCabinets } from '../cabinets/read-cabinets.js';
import { readHead } from '../entries/read-entries.js';
import { goesOnFrom, placeAt, readMarks, type TrailPlace } from '../entries/trail-mark.js';
import { readOverview } from '../overview/read-overview.js';
import type { Tx } from '../store/sql.js';
import { readPatches, readSnapshot } from './read-live.js';
import { needsSnapshot } from './resume.js';

/** Sends one event to one place: a room or a single connection. */
export type Emit = <E extends keyof LiveServerEvents>(event: E, ...payload: Parameters<LiveServerEvents[E]>) => void;

export interface WatchAnswer {
  /** The last line that was sent. */
  readonly end: TrailPlace;
  readonly cabinets: readonly CabinetView[];
}

/**
 * Brings one screen from the line that it has to `end`, the newest line when not given: with patches,
 * or with a snapshot when it is too far behind or its line is none of this trail.
 */
export async function answerWatch(
  tx: Tx,
  scope: Scope,
  asked: {
    readonly after: TrailPlace | null;
    readonly end?: TrailPlace | undefined;
    readonly atMs: number;
    readonly emit: Emit;
  },
): Promise<WatchAnswer> {
  const { after, atMs, emit } = asked;
  const head = asked.end?.index ?? (await readHead(tx, scope));
  const marks = await readMarks(tx, scope.tenantId, after === null ? [head] : [head, after.index]);
  const end = placeAt(marks, head);
  const held = after !== null && goesOnFrom(marks, after) ? after.index : null;
  if (held === null || needsSnapshot(held, head)) {
    const snapshot = await readSnapshot(tx, scope, { after: held, end, atMs });
    emit('snapshot', snapshot);
    return { end, cabinets: snapshot.cabinets };
  }
  for (const patch of await readPatches(tx, scope, { sent: held, end, atMs })) emit('entries', patch);
  const cabinets = await readAllCabinets(tx, scope, atMs);
  for (const cabinet of cabinets) emit('cabinet', cabinet);
  emit('overview', await readOverview({ tx, scope, atMs }));
  return { end, cabinets };
}
