import { AppError } from '@tagtrail/shared/error.js';
import type { Transport, TransportListener } from '../uplink/transport.js';

export interface SentMessage {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

export interface MemoryBroker {
  readonly transport: Transport;
  /** Everything that was handed over, in order. */
  readonly sent: readonly SentMessage[];
  onSent(listen: (message: SentMessage) => void): void;
  deliver(topic: string, payload: string | Uint8Array): void;
  up(): void;
  down(): void;
}

/** A transport whose other end is the test; it is down until the test says otherwise. */
export function createMemoryBroker(): MemoryBroker {
  const sent: SentMessage[] = [];
  let listener: TransportListener | undefined;
  let heard = (_message: SentMessage): void => {};
  let isUp = false;
  const encoder = new TextEncoder();
  const take = (message: SentMessage): void => {
    sent.push(message);
    heard(message);
  };
  return {
    sent,
    onSent: (listen) => {
      heard = listen;
    },
    deliver: (topic, payload) => {
      if (isUp) listener?.onMessage(topic, typeof payload === 'string' ? encoder.encode(payload) : payload);
    },
    up: () => {
      isUp = true;
      listener?.onConnected();
    },
    down: () => {
      isUp = false;
      listener?.onDisconnected('the test cut it');
    },
    transport: {
      start: (to) => {
        listener = to;
      },
      publish: async (topic, payload, { retain = false } = {}) => {
        if (!isUp) throw new AppError('uplink.not_connected', 'the test has it down', { kind: 'peer' });
        take({ topic, payload, retain });
      },
      close: async (goodbye) => {
        if (isUp) take({ ...goodbye, retain: true });
        isUp = false;
      },
    },
  };
}
