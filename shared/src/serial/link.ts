/** Why a link closed: `unplugged` when the device went away, `asked` when we closed it. */
export type LinkClosed = { readonly reason: 'asked' } | { readonly reason: 'unplugged'; readonly detail: string };

/**
 * An open byte line to a device: a serial port, a TCP serial server or an in-memory pair.
 * Chunks may be cut anywhere. A closed link is never opened again; a reconnect makes a new one.
 */
export interface SerialLink {
  /** Resolves when the operating system has taken the bytes. Rejects with AppError `serial.link_lost`. */
  write(bytes: Uint8Array): Promise<void>;
  onData(listen: (chunk: Uint8Array) => void): void;
  /** Called exactly once. */
  onClose(listen: (closed: LinkClosed) => void): void;
  close(): Promise<void>;
}

/**
 * Opens a new link to the same device each time it is called. Rejects with AppError
 * `serial.port_missing`, `serial.port_busy` or `serial.port_refused`.
 */
export type OpenLink = () => Promise<SerialLink>;
