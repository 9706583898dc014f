import { errorText } from '@tagtrail/shared/error.js';
import type { CheckpointMessage, StateMessage } from '@tagtrail/shared/mqtt/messages.js';
import { type CabinetAddress, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import { type DownlinkDiscard, parseDownlink } from './downlink.js';
import { createOutboxRunner } from './outbox-runner.js';
import { createStatePublisher } from './state-publisher.js';
import type { UplinkOptions, UplinkStatus } from './uplink-options.js';

export interface Uplink {
  start(): void;
  /** The state has changed; it is sent soon, several changes as one. */
  stateChanged(): void;
  status(): UplinkStatus;
  /** Gives the last records a moment to arrive, says goodbye and disconnects. What is not acknowledged stays in the journal. */
  close(): Promise<void>;
}

const lastWordsMs = 1_000;
const offline: StateMessage = { v: 1, online: false };

/** The last will and the goodbye of a cabinet: retained, so that everybody learns that it is away. */
export function offlineMessage(identity: CabinetAddress): { readonly topic: string; readonly payload: string } {
  return { topic: upTopic(identity, 'state'), payload: JSON.stringify(offline) };
}

/** Carries the journal to the cloud and brings back what the cloud says. */
export function createUplink(options: UplinkOptions): Uplink {
  const { transport, journal, clock, log, identity } = options;
  const link = createConnectionNotes(clock);
  const discarded: Partial<Record<DownlinkDiscard, number>> = {};
  const outbox = createOutboxRunner(options);
  const state = createStatePublisher(options, link.connected);

  /** A cosignature that is lost is made again for the next checkpoint. */
  const answerCheckpoint = async (message: CheckpointMessage): Promise<void> => {
    const answer = await options.onCheckpoint?.(message);
    if (answer === undefined) return;
    await transport.publish(upTopic(identity, 'witness'), JSON.stringify(answer)).catch((error) => {
      log.debug({ error: errorText(error) }, 'uplink.witness.unsent');
    });
  };

  const onMessage = (topic: string, payload: Uint8Array): void => {
    const down = parseDownlink({ identity, isFromCloud: options.isFromCloud ?? null }, topic, payload);
    switch (down.kind) {
      case 'committed':
        outbox.answer(down.message);
        break;
      case 'rulebook':
        options.onRulebook(down.message);
        break;
      case 'custody':
        options.onCustody?.(down.message);
        break;
      case 'command':
        options.onCommand({ command: down.message, signed: down.signed });
        break;
      case 'checkpoint':
        void answerCheckpoint(down.message);
        break;
      case 'discarded':
        discarded[down.reason] = (discarded[down.reason] ?? 0) + 1;
        if (down.reason !== 'empty') log.warn({ reason: down.reason, detail: down.detail }, 'uplink.message.discarded');
    }
  };

  return {
    start: () => {
      journal.onAppended((last) => outbox.feed({ kind: 'appended', first: journal.first(), last }));
      transport.start({
        onConnected: () => {
          link.note(true, null);
          outbox.feed({ kind: 'connected' });
          options.onConnection(true);
          state.start();
        },
        onDisconnected: (reason) => {
          const was = link.connected();
          link.note(false, reason);
          outbox.feed({ kind: 'disconnected' });
          state.stop();
          if (was) options.onConnection(false);
        },
        onMessage,
      });
    },
    stateChanged: state.changed,
    status: () => ({ ...link.read(), ...outbox.status(), discarded: { ...discarded } }),
    close: async () => {
      await outbox.caughtUp(lastWordsMs);
      outbox.feed({ kind: 'disconnected' });
      outbox.stop();
      state.stop();
      await transport.close(offlineMessage(identity));
    },
  };
}

interface ConnectionNotes {
  connected(): boolean;
  note(connected: boolean, reason: string | null): void;
  read(): { readonly connected: boolean; readonly since: string; readonly reason: string | null };
}

function createConnectionNotes(clock: Clock): ConnectionNotes {
  let connected = false;
  let since = wallIso(clock);
  let reason: string | null = 'not connected yet';
  return {
    connected: () => connected,
    note: (now, why) => {
      if (now !== connected) since = wallIso(clock);
      connected = now;
      reason = why;
    },
    read: () => ({ connected, since, reason }),
  };
}
