import { closeSync, readlinkSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Port } from './port.js';

/*
 *  host (serialport) <-> /dev/pts/N  ==kernel==  master <-> this port
 *                            |
 *                          keeper: our own open end, set to raw and never read. It keeps the path
 *                          alive between two openings by a host, and keeps the line from echoing.
 */

interface OpenedPty {
  readonly master: number;
  readonly slave: number;
  readonly pty: string;
}

/** More than this is never kept for a host that is slow to fetch. */
const largestBacklog = 256 * 1024;
/** A host that fetches nothing for so long is not there: what waits for it is lost. */
const fetchWithinMs = 500;
const retryMs = [1, 2, 5, 10, 20, 50] as const;

/**
 * A new pseudo-terminal. Bytes pass unaltered both ways; there is no speed and there are no modem
 * lines.
 * @throws AppError `sim.pty_unavailable` when the system gives none.
 */
export function openPty(clock: Clock): Port {
  const opened = openNative();
  const keeper = new ReadStream(opened.slave);
  keeper.setRawMode(true);
  const master = new ReadStream(opened.master);
  // Reading ends with EIO when the terminal goes away; that is the unplugging itself.
  master.on('error', () => {});
  keeper.on('error', () => {});

  const writer = createWriter(clock, opened.master);
  let closed = false;

  return {
    path: opened.pty,
    send: writer.send,
    onData: (listen) => {
      master.on('data', (chunk: Buffer) => listen(new Uint8Array(chunk)));
    },
    lostBytes: writer.lostBytes,
    close: () => {
      if (closed) return;
      closed = true;
      writer.close();
      master.destroy();
      keeper.destroy();
      closeLeftOver(opened);
    },
  };
}

/** Writes what the kernel takes, keeps a little for a host that is slow, and loses the rest. */
function createWriter(clock: Clock, master: number) {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let lost = 0;
  let closed = false;
  let retry: Timer | undefined;
  let tries = 0;
  let fetchedAt = clock.monotonicMs();

  const drop = (): void => {
    lost += waitingBytes;
    waiting = [];
    waitingBytes = 0;
  };
  const flush = (): void => {
    retry = undefined;
    while (!closed && waiting.length > 0) {
      const written = writeSome(master, waiting[0] as Uint8Array);
      if (written === 0) {
        if (clock.monotonicMs() - fetchedAt > fetchWithinMs) {
          drop();
          return;
        }
        const delayMs = retryMs[Math.min(tries++, retryMs.length - 1)] as number;
        retry = clock.startTimer('pty is full', delayMs, flush);
        return;
      }
      tries = 0;
      fetchedAt = clock.monotonicMs();
      waitingBytes -= written;
      const rest = (waiting[0] as Uint8Array).subarray(written);
      if (rest.length > 0) waiting[0] = rest;
      else waiting.shift();
    }
  };

  return {
    send: (bytes: Uint8Array): void => {
      if (closed || bytes.length === 0) return;
      if (waitingBytes + bytes.length > largestBacklog) {
        lost += bytes.length;
        return;
      }
      if (waiting.length === 0) fetchedAt = clock.monotonicMs();
      waiting.push(bytes.slice());
      waitingBytes += bytes.length;
      if (retry === undefined) flush();
    },
    lostBytes: (): number => lost,
    close: (): void => {
      closed = true;
      retry?.cancel();
      drop();
    },
  };
}

/**
 * A new pseudo-terminal under another path than `path`, as a device that is plugged in again finds
 * its old name still taken. (The kernel would hand out the freed number again.)
 * @throws AppError `sim.pty_unavailable`
 */
export function openPtyUnlike(path: string | undefined, clock: Clock): Port {
  const port = openPty(clock);
  if (port.path !== path) return port;
  const other = openPty(clock);
  port.close();
  return other;
}

function openNative(): OpenedPty {
  try {
    // The package's own open() reads from the host's end and now and then eats the first answer.
    const require = createRequire(import.meta.url);
    const { requireBinary } = require('@lydell/node-pty/requireBinary.js') as {
      requireBinary(file: string): { open(columns: number, rows: number): OpenedPty };
    };
    return requireBinary('pty.node').open(80, 24);
  } catch (error) {
    throw new AppError(
      'sim.pty_unavailable',
      'This machine gives no pseudo-terminal. Check that /dev/pts is mounted and not used up (/proc/sys/kernel/pty/max).',
      { kind: 'operator', detail: { reason: errorText(error) }, cause: error },
    );
  }
}

/** The keeper works on a copy of its descriptor; the one that it was made from is still open then. */
function closeLeftOver({ slave, pty }: OpenedPty): void {
  try {
    if (readlinkSync(`/proc/self/fd/${slave}`).startsWith(pty)) closeSync(slave);
  } catch {
    // Already closed together with the keeper.
  }
}

/** Bytes that the kernel took now; 0 when its buffer is full or the line is gone. */
function writeSome(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch {
    return 0;
  }
}
