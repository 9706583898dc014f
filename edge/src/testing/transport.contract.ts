import { describe, expect, it } from 'vitest';
import type { Transport } from '../uplink/transport.js';

/** A transport and the other end of it. */
export interface TransportRig {
  readonly transport: Transport;
  /** What reached the other end so far. */
  received(): readonly { readonly topic: string; readonly payload: string; readonly retain: boolean }[];
  deliver(topic: string, payload: string): void;
  /** Lets the transport connect, now and after it was cut. */
  open(): Promise<void>;
  cut(): Promise<void>;
  dispose(): Promise<void>;
}

export interface TransportTopics {
  readonly up: string;
  readonly down: string;
}

/** What every transport has to do. */
export function describeTransport(name: string, topics: TransportTopics, rigUp: () => Promise<TransportRig>): void {
  describe(`${name} as a transport`, () => {
    it('connects, carries messages both ways, loses the connection and finds it again', async () => {
      const rig = await rigUp();
      const events = new EventLog();
      rig.transport.start(events.listener);
      await expect(rig.transport.publish(topics.up, 'early')).rejects.toMatchObject({ code: 'uplink.not_connected' });
      await rig.open();
      await events.until('connected');
      await rig.transport.publish(topics.up, 'one', { retain: true });
      rig.deliver(topics.down, 'two');
      await events.until('message two');
      await rig.cut();
      await events.until('disconnected');
      await rig.open();
      await events.until('connected', 2);
      await rig.transport.publish(topics.up, 'three');
      await rig.transport.close({ topic: topics.up, payload: 'goodbye' });
      expect(rig.received().map(({ payload }) => payload)).toEqual(['one', 'three', 'goodbye']);
      expect(rig.received().at(-1)).toMatchObject({ retain: true });
      await expect(rig.transport.publish(topics.up, 'late')).rejects.toMatchObject({ code: 'uplink.not_connected' });
      await rig.dispose();
    });
  });
}

/** What a listener heard, with a way to wait for it. */
class EventLog {
  readonly #events: string[] = [];
  readonly #waiting: { readonly event: string; readonly times: number; readonly resolve: () => void }[] = [];

  readonly listener = {
    onConnected: () => this.#note('connected'),
    onDisconnected: () => this.#note('disconnected'),
    onMessage: (_topic: string, payload: Uint8Array) => this.#note(`message ${Buffer.from(payload).toString()}`),
  };

  until(event: string, times = 1): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ event, times, resolve });
      this.#wake();
    });
  }

  #note(event: string): void {
    this.#events.push(event);
    this.#wake();
  }

  #wake(): void {
    for (const { event, times, resolve } of this.#waiting) {
      if (this.#events.filter((one) => one === event).length >= times) resolve();
    }
  }
}
