/** The device's end of a serial line: what a cable is plugged into. */
export interface Port {
  /** Where the host opens its end; empty for a line in memory. */
  readonly path: string;
  /** Takes bytes at once. What the host does not fetch in time is lost, as on a real line. */
  send(bytes: Uint8Array): void;
  onData(listen: (chunk: Uint8Array) => void): void;
  /** Called each time a host connects, where that can be told. */
  onHost?(listen: () => void): void;
  /** Bytes sent that the host did not fetch. */
  lostBytes(): number;
  /** Pulls the cable. */
  close(): void;
}

export type OpenPort = () => Port;
