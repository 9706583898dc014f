import type { TraceEvent, TraceEventOf } from '@tagtrail/shared/events/trace-event.js';
import type { PersonId, SessionId } from '@tagtrail/shared/ids.js';

/** What one person really did while the door was open; the oracle knows it, the agent does not. */
export interface Deed {
  readonly person: PersonId;
  readonly taken: ReadonlySet<string>;
  readonly returned: ReadonlySet<string>;
}

export interface Verdict {
  /** Custody lines of the session, and movements without one. */
  readonly lines: number;
  /** One sentence for each line that is disputed, and each movement that is only in doubt. */
  readonly disputed: readonly string[];
  /** One sentence for each line that is not disputed and not true, or is not there. */
  readonly wrong: readonly string[];
}

type Line = TraceEventOf<'asset.checked_out'> | TraceEventOf<'asset.returned'>;

/**
 * Compares the trail of one session with the deed. A line is wrong when it is certain of something
 * that did not happen, or names another person; a movement without a line is wrong unless the trail
 * itself says that the item is in doubt, which counts as disputed.
 */
export function judgeSession(session: SessionId, deed: Deed, events: readonly TraceEvent[]): Verdict {
  const lines = events.filter((event): event is Line => isLine(event) && event.session === session);
  const wrong: string[] = [];
  const told = new Set<string>();
  const disputed: string[] = [];
  for (const line of lines) {
    const movement = line.kind === 'asset.checked_out' ? 'taken' : 'returned';
    const { epc } = line.data;
    const isTrue = deed[movement].has(epc);
    if (isTrue) told.add(epc);
    const { reads, rounds, bestRssiDbm } = line.data.evidence;
    const shown = `${line.data.confidencePct} %, ${reads} reads in ${rounds} rounds, best ${bestRssiDbm} dBm`;
    if (line.data.disputed)
      disputed.push(`${epc} ${movement} is disputed, and it was ${isTrue ? '' : 'not '}(${shown})`);
    else if (line.actor !== deed.person) wrong.push(`${epc} ${movement} stands on another name`);
    else if (!isTrue) wrong.push(`${epc} was not ${movement} (${shown})`);
  }
  const doubtful = doubtOf(session, events);
  let untold = 0;
  for (const movement of ['taken', 'returned'] as const) {
    for (const epc of deed[movement]) {
      if (told.has(epc)) continue;
      untold += 1;
      if (doubtful === 'all' || doubtful.has(epc)) disputed.push(`${epc} was ${movement}, and the trail is in doubt`);
      else wrong.push(`${epc} was ${movement}, and the trail does not say so`);
    }
  }
  return { lines: lines.length + untold, disputed, wrong };
}

function isLine(event: TraceEvent): event is Line {
  return event.kind === 'asset.checked_out' || event.kind === 'asset.returned';
}

/** Items that the trail calls doubtful; all of them when the session could not be settled. */
function doubtOf(session: SessionId, events: readonly TraceEvent[]): ReadonlySet<string> | 'all' {
  for (const event of events) {
    if (event.session !== session) continue;
    if (event.kind === 'inventory.settled') return new Set(event.data.doubtful);
  }
  return 'all';
}
