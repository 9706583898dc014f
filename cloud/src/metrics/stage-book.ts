/** The books of one stage of the path: what came in is what left by some door, and what is still inside. */
export interface StageCounts {
  readonly received: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Counted by itself and not as the rest, so that books that do not balance are seen. */
  readonly inFlight: number;
}

/** The stages in the order of the path; each name stands in the figures as `stage`. */
export type StageName = 'broker' | 'ingest_messages' | 'ingest_events' | 'live_notices' | 'live_watches' | 'api';

export interface StageBook<Outcome extends string> {
  enter(): void;
  leave(outcome: Outcome): void;
  read(): StageCounts;
}

export function createStageBook<Outcome extends string>(doors: readonly Outcome[]): StageBook<Outcome> {
  const outcomes = Object.fromEntries(doors.map((door) => [door, 0])) as Record<Outcome, number>;
  let received = 0;
  let inFlight = 0;
  return {
    enter: () => {
      received++;
      inFlight++;
    },
    leave: (outcome) => {
      outcomes[outcome]++;
      inFlight--;
    },
    read: () => ({ received, outcomes: { ...outcomes }, inFlight }),
  };
}

/** What is missing in the books: 0 when they balance. */
export function imbalance({ received, outcomes, inFlight }: StageCounts): number {
  return received - inFlight - Object.values(outcomes).reduce((sum, count) => sum + count, 0);
}
