/**
 * A connection to the cloud that comes and goes by itself. It promises nothing about delivery:
 * what it takes may be lost, and what it brings may come twice.
 */
export interface Transport {
  /** Begins to connect at once, and again after every loss; returns immediately and never throws. */
  start(listener: TransportListener): void;
  /** Hands a message over. Rejects with AppError `uplink.not_connected` or `uplink.not_sent`. */
  publish(topic: string, payload: string, options?: { readonly retain?: boolean }): Promise<void>;
  /** Says a last word on `goodbye` if connected, and disconnects for good. */
  close(goodbye: { readonly topic: string; readonly payload: string }): Promise<void>;
}

export interface TransportListener {
  /** Connected, and subscribed to everything that comes down. */
  onConnected(): void;
  /** `reason` is for the log and the health page. Called once for each `onConnected`, and for each attempt that came to nothing. */
  onDisconnected(reason: string): void;
  onMessage(topic: string, payload: Uint8Array): void;
}
