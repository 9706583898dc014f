import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { CabinetSession } from './session-state.js';

/**
 * Finds, in the cabinet's own events, the session whose difference is not settled: it was open
 * when the power went, or its count came to nothing. A fold; feed it every event in order.
 */
export interface Recovery {
  readonly unfinished: CabinetSession | null;
}

export const nothingToRecover: Recovery = { unfinished: null };

export function recoverFrom(recovery: Recovery, event: TraceEvent): Recovery {
  const { unfinished } = recovery;
  if (event.kind === 'session.opened' && event.session !== undefined) {
    const { returnOnly } = event.data;
    return {
      unfinished: {
        ...(returnOnly === undefined ? {} : { returnOnly }),
        // What the session before could not count is still open: the difference is of both.
        ...(unfinished === null ? {} : { shared: true }),
        id: event.session,
        actor: event.actor ?? null,
        signed: event.data.signed,
        certainty: 'window',
        unwatched: true,
        closed: false,
        startedWallMs: Date.parse(event.at),
        startedAtMs: null,
        taken: 0,
        returned: 0,
        disputed: 0,
      },
    };
  }
  if (unfinished === null) return recovery;
  if (event.session !== unfinished.id) {
    // Whoever it was counted for, a count settles all that was open before it.
    return event.kind === 'inventory.settled' ? nothingToRecover : recovery;
  }
  switch (event.kind) {
    case 'asset.checked_out':
      return {
        unfinished: { ...unfinished, ...countLine(unfinished, event.data.disputed), taken: unfinished.taken + 1 },
      };
    case 'asset.returned':
      return {
        unfinished: { ...unfinished, ...countLine(unfinished, event.data.disputed), returned: unfinished.returned + 1 },
      };
    case 'session.order_chosen': {
      const { order: _, ...rest } = unfinished;
      const { order } = event.data;
      return { unfinished: { ...rest, orderDecided: true, ...(order === null ? {} : { order }) } };
    }
    case 'witness.confirmed':
      return event.actor === undefined ? recovery : { unfinished: { ...unfinished, witness: event.actor } };
    case 'inventory.settled':
      return unfinished.closed ? nothingToRecover : recovery;
    case 'session.closed':
      return event.data.outcome === 'unsettled' ? { unfinished: { ...unfinished, closed: true } } : nothingToRecover;
    default:
      return recovery;
  }
}

function countLine(session: CabinetSession, disputed: boolean): { readonly disputed: number } {
  return { disputed: session.disputed + (disputed ? 1 : 0) };
}
