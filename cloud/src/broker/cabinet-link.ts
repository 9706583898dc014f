import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { StageCounts } from '../metrics/stage-book.js';

/** The way to the cabinets: our own broker, or a connection to an external one. */
export interface CabinetLink {
  /** Resolves when the broker has it; whether the cabinet has it only the cabinet can say. Never rejects. */
  publish(topic: string, body: string, options: { readonly retain: boolean }): Promise<void>;
  /** Ends the connection of a revoked cabinet; absent where the broker is not ours: nothing goes through us then. */
  cutOff?(address: CabinetAddress): void;
  /** What cabinets sent, as far as this process got it. */
  book(): StageCounts;
  close(): Promise<void>;
}

/** What a broker does with a message of a cabinet: passes it to ingest, or swallows what it may not say. */
export const brokerDoors = ['passed', 'forbidden'] as const;
