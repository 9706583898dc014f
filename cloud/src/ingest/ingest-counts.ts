import type { StageCounts } from '../metrics/stage-book.js';
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
  /** What has come in; at rest the sum of the outcomes. Events count when their batch is believed. */
  readonly received: { readonly messages: number; readonly events: number };
  /** Events of batches that the database did not take; they come again. */
  readonly eventsNotStored: number;
}

export function createIngestCounts() {
  const messages = { answered: 0, state: 0, quarantined: 0, stranger: 0, ignored: 0, not_stored: 0 };
  const events: EventCounts = { accepted: 0, duplicate: 0, quarantined: 0, refused: 0 };
  const received = { messages: 0, events: 0 };
  let eventsNotStored = 0;
  return {
    messageIn: (): void => {
      received.messages++;
    },
    message: (outcome: MessageOutcome): void => {
      messages[outcome]++;
    },
    eventsIn: (count: number): void => {
      received.events += count;
    },
    events: (more: EventCounts): void => {
      events.accepted += more.accepted;
      events.duplicate += more.duplicate;
      events.quarantined += more.quarantined;
      events.refused += more.refused;
    },
    eventsNotStored: (count: number): void => {
      eventsNotStored += count;
    },
    read: (): IngestCounts => ({
      messages: { ...messages },
      events: { ...events },
      received: { ...received },
      eventsNotStored,
    }),
  };
}

/** The counts as the books of the two stages; what is in flight is counted elsewhere. */
export function booksOf(
  counts: IngestCounts,
  inFlight: { readonly messages: number; readonly events: number },
): { readonly messages: StageCounts; readonly events: StageCounts } {
  const { messages, events, received, eventsNotStored } = counts;
  return {
    messages: { received: received.messages, outcomes: messages, inFlight: inFlight.messages },
    events: {
      received: received.events,
      outcomes: { ...events, not_stored: eventsNotStored },
      inFlight: inFlight.events,
    },
  };
}
