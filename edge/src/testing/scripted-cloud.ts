import { chainGenesis, nextChain } from '@tagtrail/shared/chain/record-chain.js';
import {
  type CommittedMessage,
  type EventsMessage,
  eventsMessage,
  type HelloMessage,
  helloMessage,
} from '@tagtrail/shared/mqtt/messages.js';
import { downTopic, parseTopic } from '@tagtrail/shared/mqtt/topics.js';
import { anAddress, sha256 } from './journal-fixtures.js';
import type { MemoryBroker } from './memory-broker.js';

export interface ScriptedCloud {
  /** Content of the committed events of the log, in sequence order. */
  readonly committed: readonly Record<string, unknown>[];
  readonly batches: readonly EventsMessage[];
  readonly hellos: readonly HelloMessage[];
  /** Batches that held only what had been committed before. */
  duplicates(): number;
  /** What happens to each answer; passes it on by default. */
  answerWith(policy: (message: CommittedMessage, pass: (message: CommittedMessage) => void) => void): void;
  /** Batches are taken by default; a batch that is not is neither stored nor answered. */
  takeIf(takes: () => boolean): void;
  /** Goes back to an older backup. */
  restoreTo(seq: number): void;
}

// why: the cloud's ingest is another package; this keeps the rules of the acknowledgement that the cabinet relies on.
/** Stores consecutive events, checks their chain, and answers as the cloud does after its commit. */
export function createScriptedCloud(broker: MemoryBroker): ScriptedCloud {
  const batches: EventsMessage[] = [];
  const hellos: HelloMessage[] = [];
  let committed: Record<string, unknown>[] = [];
  let chains = [chainGenesis];
  let duplicates = 0;
  let takes = (): boolean => true;
  let policy = (message: CommittedMessage, pass: (message: CommittedMessage) => void): void => pass(message);
  const now = '2026-01-05T06:00:00.000Z';

  const pass = (message: CommittedMessage): void =>
    broker.deliver(downTopic(anAddress, 'committed'), JSON.stringify(message));
  const answer = (message: CommittedMessage): void => policy(message, pass);
  const acknowledge = (log: string): void =>
    answer({ v: 1, log, upTo: committed.length, chain: chains.at(-1) ?? chainGenesis, now });

  const onBatch = (batch: EventsMessage): void => {
    batches.push(batch);
    if (!takes()) return;
    if (batch.from > committed.length + 1) {
      answer({ v: 1, log: batch.log, expect: committed.length + 1, reason: 'gap', now });
      return;
    }
    if (batch.prev !== chains[batch.from - 1]) {
      answer({ v: 1, log: batch.log, expect: committed.length + 1, reason: 'bad_chain', now });
      return;
    }
    const fresh = batch.events.slice(committed.length + 1 - batch.from);
    if (fresh.length === 0) duplicates++;
    for (const event of fresh) {
      chains.push(nextChain(sha256, chains.at(-1) ?? chainGenesis, event as never));
      committed.push(event);
    }
    acknowledge(batch.log);
  };

  broker.onSent(({ topic, payload }) => {
    const name = parseTopic(topic)?.name;
    if (name === 'events') onBatch(eventsMessage.parse(JSON.parse(payload)));
    if (name === 'hello') {
      const hello = helloMessage.parse(JSON.parse(payload));
      hellos.push(hello);
      if (hello.firstUnacked > committed.length + 1) {
        answer({ v: 1, log: hello.log, expect: committed.length + 1, reason: 'restored', now });
      } else {
        acknowledge(hello.log);
      }
    }
  });
  return {
    get committed() {
      return committed;
    },
    batches,
    hellos,
    duplicates: () => duplicates,
    answerWith: (next) => {
      policy = next;
    },
    takeIf: (next) => {
      takes = next;
    },
    restoreTo: (seq) => {
      committed = committed.slice(0, seq);
      chains = chains.slice(0, seq + 1);
    },
  };
}
