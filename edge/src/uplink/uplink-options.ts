import type { Log } from '@tagtrail/shared/log/log.js';
import type { CheckpointMessage, StateMessage, WitnessMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { CustodyFacts } from '@tagtrail/shared/rules/custody-facts.js';
import type { Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Journal } from '../journal/journal.js';
import type { SignBatch } from './batch-signer.js';
import type { IsFromCloud } from './cloud-key.js';
import type { ArrivedCommand } from './command-gate.js';
import type { DownlinkDiscard } from './downlink.js';
import type { OutboxCounts, OutboxFault } from './outbox.js';
import type { Transport } from './transport.js';

/** What a cabinet says of itself while it is online. */
export type OnlineState = Extract<StateMessage, { online: true }>;

export interface UplinkOptions {
  readonly transport: Transport;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly identity: CabinetAddress;
  readonly sign: SignBatch;
  readonly boot: string;
  readonly agentVersion: string;
  /** The version of the rulebook in force; 0 for none. */
  rulebookVersion(): number;
  /**
   * The counter of the last command that was carried out, 0 for none, and the key that vouches for it:
   * a cloud that was restored from an older copy numbers its commands from there on.
   */
  readonly commands?: { lastCounter(): number; sign(text: string): string };
  getState(): OnlineState;
  onRulebook(rulebook: Rulebook): void;
  /** Who holds what in the house, which changes with every take. */
  onCustody?(facts: CustodyFacts): void;
  /** Tells the cloud's word from a forged one; without it nothing is checked and no command counts as signed. */
  readonly isFromCloud?: IsFromCloud;
  onCommand(arrived: ArrivedCommand): void;
  /** What this cabinet says to a checkpoint; undefined when it says nothing. Never rejects. */
  readonly onCheckpoint?: (message: CheckpointMessage) => Promise<WitnessMessage | undefined>;
  onConnection(connected: boolean): void;
  /** The cloud knows another history of this log; told once for each time that it says so anew. */
  onFork?(): void;
  /** The cloud has answered what was asked at the monotonic time `askedMono`, and says what time it is there. */
  onCloudTime?(askedMono: number, cloudNow: string): void;
}

export interface UplinkStatus {
  readonly connected: boolean;
  /** Since when; the time of start when there never was a connection. */
  readonly since: string;
  /** Why the last connection or attempt ended; null while connected. */
  readonly reason: string | null;
  readonly fault: { readonly reason: OutboxFault['reason']; readonly since: string } | null;
  readonly counts: OutboxCounts;
  readonly discarded: Readonly<Partial<Record<DownlinkDiscard, number>>>;
}
