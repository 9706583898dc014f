import { closeSync, readlinkSync, write } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';

/** The device's end of a pseudo-terminal, for tests of the real serial port. */
export interface PseudoTerminal {
  readonly path: string;
  send(bytes: Uint8Array): void;
  /** Everything that the host wrote. */
  received(): Uint8Array;
  unplug(): void;
}

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/**
 * Opens a pseudo-terminal by the native part of its package alone: the package's own `open` reads
 * from the host's end and now and then eats the first bytes. Our own end of the host's side is set
 * to raw and never read; it keeps the path alive between two openings.
 */
export function openPseudoTerminal(): PseudoTerminal {
  const binary = createRequire(import.meta.url)('@lydell/node-pty/requireBinary.js') as {
    requireBinary(file: string): NativePty;
  };
  const { master, slave, pty } = binary.requireBinary('pty.node').open(80, 24);
  const keeper = new ReadStream(slave);
  keeper.setRawMode(true);
  const reading = new ReadStream(master);
  // Reading ends with EIO when the terminal goes away.
  reading.on('error', () => {});
  keeper.on('error', () => {});
  const chunks: Buffer[] = [];
  reading.on('data', (chunk: Buffer) => chunks.push(chunk));

  function writeAll(bytes: Uint8Array): void {
    write(master, bytes, 0, bytes.length, null, (error, written) => {
      if (error !== null && error.code !== 'EAGAIN') return;
      const rest = bytes.subarray(error === null ? written : 0);
      if (rest.length > 0) setImmediate(() => writeAll(rest));
    });
  }

  return {
    path: pty,
    send: writeAll,
    received: () => Buffer.concat(chunks),
    unplug: () => {
      reading.destroy();
      keeper.destroy();
      closeLeftOver(slave, pty);
    },
  };
}

/** The keeper works on a copy of its descriptor; the one that it was made from is still open then. */
function closeLeftOver(slave: number, path: string): void {
  try {
    if (readlinkSync(`/proc/self/fd/${slave}`).startsWith(path)) closeSync(slave);
  } catch {
    // Already closed together with the keeper.
  }
}
