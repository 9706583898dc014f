import { errorText } from '@tagtrail/shared/error.js';
import {
  batchLimits,
  type CommittedMessage,
  commandCounterText,
  type EventsMessage,
  type HelloMessage,
} from '@tagtrail/shared/mqtt/messages.js';
import { upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { type Timer, wallIso } from '@tagtrail/shared/time/clock.js';
import type { BatchLimits } from '../journal/batch-reader.js';
import type { Journal } from '../journal/journal.js';
import { newOutbox, next, type OutboxEffect, type OutboxInput, wakeAfterMs } from './outbox.js';
import type { UplinkOptions, UplinkStatus } from './uplink-options.js';

/** The rest of the limit is for the envelope of the batch. */
const limits: BatchLimits = { events: batchLimits.events, bytes: batchLimits.bytes - 1024 };

export interface OutboxRunner {
  feed(input: OutboxInput): void;
  answer(message: CommittedMessage): void;
  status(): Pick<UplinkStatus, 'fault' | 'counts'>;
  /** Resolves when the cloud has committed everything, or has had `withinMs` to do so. */
  caughtUp(withinMs: number): Promise<void>;
  stop(): void;
}

/** Drives the outbox machine: does what it asks for and tells it what came of it. */
export function createOutboxRunner(options: UplinkOptions): OutboxRunner {
  const { journal, clock, log, sign } = options;
  let outbox = newOutbox({
    ...{ log: journal.logId, first: journal.first(), last: journal.head().last, acknowledged: journal.acknowledged() },
  });
  let timer: Timer | undefined;
  let faultSince = '';
  /** When the question was sent that the next answer belongs to. */
  let askedMono: number | undefined;
  let onCaughtUp: (() => void) | undefined;
  const hasCaughtUp = (): boolean => !outbox.connected || outbox.acknowledged >= outbox.last;

  const act = (effect: OutboxEffect): void => {
    switch (effect.kind) {
      case 'hello':
        askedMono = clock.monotonicMs();
        publish(options, 'hello', helloOf(options));
        break;
      case 'read':
        journal.readBatch(effect.from, limits).then(
          (batch) => feed({ kind: 'read', from: effect.from, batch }),
          (error) => {
            log.error({ from: effect.from, error: errorText(error) }, 'uplink.journal.unread');
            feed({ kind: 'read', from: effect.from, batch: undefined });
          },
        );
        break;
      case 'send':
        // Which of several copies an answer belongs to cannot be told.
        askedMono = outbox.attempts === 0 ? clock.monotonicMs() : undefined;
        publish(options, 'events', sign(journal.logId, effect.batch));
        break;
      case 'acknowledge':
        journal.acknowledge(effect.upTo);
        break;
    }
  };

  const feed = (input: OutboxInput): void => {
    const atMs = clock.monotonicMs();
    const before = outbox;
    const step = next(outbox, input, atMs);
    outbox = step.state;
    if (outbox.fault?.reason !== before.fault?.reason) {
      faultSince = wallIso(clock);
      log.warn({ fault: outbox.fault?.reason ?? null }, 'uplink.fault.changed');
      if (outbox.fault?.reason === 'fork') options.onFork?.();
    }
    for (const effect of step.effects) act(effect);
    if (hasCaughtUp()) onCaughtUp?.();
    timer?.cancel();
    const afterMs = wakeAfterMs(outbox, atMs);
    if (afterMs === undefined) return;
    timer = clock.startTimer('uplink.outbox', afterMs, () => feed({ kind: 'tick' }));
  };

  return {
    feed,
    answer: (message) => {
      if (askedMono !== undefined && message.log === journal.logId) {
        options.onCloudTime?.(askedMono, message.now);
        askedMono = undefined;
      }
      if ('expect' in message) log.info({ expect: message.expect, reason: message.reason }, 'uplink.stream.expected');
      inputOf(message, journal).then(feed, () => {});
    },
    status: () => ({
      fault: outbox.fault === null ? null : { reason: outbox.fault.reason, since: faultSince },
      counts: outbox.counts,
    }),
    caughtUp: async (withinMs) => {
      if (hasCaughtUp()) return;
      await new Promise<void>((resolve) => {
        onCaughtUp = resolve;
        clock.startTimer('uplink.catch-up', withinMs, resolve);
      });
    },
    stop: () => timer?.cancel(),
  };
}

function publish(
  { transport, identity, log }: UplinkOptions,
  name: 'hello' | 'events',
  message: HelloMessage | EventsMessage,
): void {
  transport.publish(upTopic(identity, name), JSON.stringify(message)).catch((error) => {
    // Lost on the way is what the resend timer is for.
    log.debug({ name, error: errorText(error) }, 'uplink.message.unsent');
  });
}

/** What the cloud says, with the journal's own chain value to hold it against. */
async function inputOf(message: CommittedMessage, journal: Journal): Promise<OutboxInput> {
  const { log } = message;
  if ('expect' in message) return { kind: 'expected', log, from: message.expect, reason: message.reason };
  const { upTo, chain } = message;
  const ours = await journal.chainAfter(upTo).catch(() => undefined);
  const input = { kind: 'committed', log, upTo, chain } as const;
  return ours === undefined ? input : { ...input, ours };
}

function helloOf(options: UplinkOptions): HelloMessage {
  const { journal, clock, boot, agentVersion, rulebookVersion, commands, identity } = options;
  const { last, chain } = journal.head();
  const counter = commands?.lastCounter() ?? 0;
  return {
    v: 1,
    log: journal.logId,
    firstUnacked: journal.acknowledged() + 1,
    last,
    chain,
    boot,
    mono: Math.floor(clock.monotonicMs()),
    wall: wallIso(clock),
    agent: agentVersion,
    rulebook: rulebookVersion(),
    ...(commands === undefined || counter === 0
      ? {}
      : { commands: { counter, sig: commands.sign(commandCounterText({ ...identity, counter })) } }),
  };
}
