import { SerialPort } from 'serialport';

/** A pseudo-terminal opened as a vendor's program would, with a third-party serial package. */
export interface HostPort {
  readonly port: SerialPort;
  /** Everything that arrived so far. */
  received(): Uint8Array;
  /** Resolves when `count` bytes have arrived in all. */
  bytes(count: number): Promise<Uint8Array>;
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when the device is gone. */
  readonly gone: Promise<void>;
  close(): Promise<void>;
}

export async function openHostPort(path: string, baudRate: number): Promise<HostPort> {
  const port = await new Promise<SerialPort>((resolve, reject) => {
    const opening = new SerialPort({ path, baudRate }, (error) => (error ? reject(error) : resolve(opening)));
  });
  const chunks: Buffer[] = [];
  let total = 0;
  const waiting = new Set<() => void>();
  port.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    total += chunk.length;
    for (const look of waiting) look();
  });
  // A write that fails rejects; the package tells it a second time as an event.
  port.on('error', () => {});
  const gone = new Promise<void>((resolve) => {
    port.on('close', () => resolve());
  });
  const received = (): Uint8Array => new Uint8Array(Buffer.concat(chunks));
  return {
    port,
    received,
    gone,
    bytes: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (total < count) return;
          waiting.delete(look);
          resolve(received());
        };
        waiting.add(look);
        look();
      }),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        port.write(Buffer.from(bytes), (error) => (error ? reject(error) : resolve()));
      }),
    close: () =>
      new Promise((resolve) => {
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      }),
  };
}
