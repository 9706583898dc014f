import type { EventCounts } from './store-batches.js';

/** What became of a message. Every message leaves ingest by exactly one of these doors. */
export const messageOutcomes = [
  /** A batch or hello that was answered. */
  'answered',
  /** A state, kept for the board. */
  'state',
  'quarantined',
  /** From a cabinet that does not exist or is revoked. */
  'stranger',
  /** Not a topic of cabinets, or it came while the cloud was stopping. */
  'ignored',
  /** The database did not take it; the cabinet sends it again. */
  'not_stored',
] as const;
export type MessageOutcome = (typeof messageOutcomes)[number];

export interface IngestCounts {
  readonly messages: Readonly<Record<MessageOutcome, number>>;
  readonly events: Readonly<EventCounts>;
}

export function createIngestCounts() {
  const messages = { answered: 0, state: 0, quarantined: 0, stranger: 0, ignored: 0, not_stored: 0 };
  const events: EventCounts = { accepted: 0, duplicate: 0, quarantined: 0, refused: 0 };
  return {
    message: (outcome: MessageOutcome): void => {
      messages[outcome]++;
    },
    events: (more: EventCounts): void => {
      events.accepted += more.accepted;
      events.duplicate += more.duplicate;
      events.quarantined += more.quarantined;
      events.refused += more.refused;
    },
    read: (): IngestCounts => ({ messages: { ...messages }, events: { ...events } }),
  };
}
