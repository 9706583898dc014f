import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { type Cast, nameIn } from './cast.js';

/** An event in the words of a scenario, with the names of the cast. */
export function describeEvent(cast: Cast, event: TraceEvent): string {
  const name = (id: string | null | undefined): string => nameIn(cast, id);
  switch (event.kind) {
    case 'asset.checked_out': {
      const { epc, authority, disputed } = event.data;
      return `taken ${name(epc)} by ${name(event.actor)} (${authority}${disputed ? ', disputed' : ''})`;
    }
    case 'asset.returned': {
      const { epc, takenBy, disputed } = event.data;
      const taker = takenBy === null ? '' : ` taken by ${name(takenBy)}`;
      return `returned ${name(epc)} by ${name(event.actor)}${taker}${disputed ? ' (disputed)' : ''}`;
    }
    case 'inventory.settled': {
      const { present, doubtful, missing, trigger } = event.data;
      const lists = [`${present.length} present`, ...listOf('doubtful', doubtful), ...listOf('missing', missing)];
      return `inventory.settled (${trigger}) ${lists.join(', ')}`;
    }
    case 'badge.refused':
      return `badge.refused ${event.data.refusal}`;
    case 'device.lost':
      return `device.lost ${event.data.device} ${event.data.reason}`;
    case 'device.restored':
      return `device.restored ${event.data.device}`;
    case 'session.closed':
      return `session.closed ${event.data.outcome}`;
    default: {
      const who = event.actor === undefined ? '' : ` ${name(event.actor)}`;
      return `${event.kind}${who}`;
    }
  }

  function listOf(word: string, epcs: readonly string[]): readonly string[] {
    return epcs.length === 0 ? [] : [`${word} ${epcs.map(name).join(' ')}`];
  }
}

/** A time of the world as a person reads it. */
export function worldTime(atMs: number): string {
  return `${(atMs / 1000).toFixed(3).padStart(9)} s`;
}
