import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';

/** The way to the cabinets: our own broker, or a connection to an external one. */
export interface CabinetLink {
  /** Resolves when the broker has it; whether the cabinet has it only the cabinet can say. Never rejects. */
  publish(topic: string, body: string, options: { readonly retain: boolean }): Promise<void>;
  /** Ends the connection of a revoked cabinet; absent where the broker is not ours: nothing goes through us then. */
  cutOff?(address: CabinetAddress): void;
  close(): Promise<void>;
}
