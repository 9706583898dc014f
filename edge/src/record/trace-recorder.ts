import { closeSync, openSync, writeSync } from 'node:fs';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { encodeTraceLine, type TraceDevice, type TraceLine, traceHead } from '@tagtrail/shared/serial/trace.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import type { OpenLinkAt } from '../serial/open-link.js';

/** Writes down every byte between the agent and its devices. */
export interface TraceRecorder {
  /** The same opener, with everything that goes over its links written down. */
  wrap(device: TraceDevice, openLink: OpenLinkAt): OpenLinkAt;
  close(): void;
}

export interface TraceRecorderOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Takes whole lines; may throw, which ends the recording and nothing else. */
  write(text: string): void;
}

const flushMs = 250;
const flushBytes = 64 * 1024;

export function createTraceRecorder({ clock, log, write }: TraceRecorderOptions): TraceRecorder {
  const beganMs = clock.monotonicMs();
  let waiting: string[] = [`${traceHead(wallIso(clock))}\n`];
  let waitingBytes = 0;
  let ended = false;

  const flush = (): void => {
    if (ended || waiting.length === 0) return;
    const text = waiting.join('');
    waiting = [];
    waitingBytes = 0;
    try {
      write(text);
    } catch (error) {
      // The trace is for whoever looks for a fault; the cabinet goes on without it.
      ended = true;
      log.error({ error: errorText(error) }, 'record.trace.ended');
    }
  };
  const timer = { cancel: () => {} };
  const note = (line: TraceLine): void => {
    if (ended) return;
    const text = `${encodeTraceLine(line)}\n`;
    waiting.push(text);
    waitingBytes += text.length;
    if (waitingBytes >= flushBytes) flush();
    else if (waiting.length === 1) timer.cancel = clock.startTimer('record.flush', flushMs, flush).cancel;
  };
  const now = (): number => Math.round((clock.monotonicMs() - beganMs) * 10) / 10;
  flush();

  return {
    wrap: (device, openLink) => async (baudRate) => {
      const link = await openLink(baudRate);
      note({ atMs: now(), device, kind: 'open', baudRate });
      link.onData((chunk) => note({ atMs: now(), device, kind: 'received', bytes: chunk.slice() }));
      link.onClose(({ reason }) => note({ atMs: now(), device, kind: 'close', reason }));
      return recording(link, (bytes) => note({ atMs: now(), device, kind: 'sent', bytes: bytes.slice() }));
    },
    close: () => {
      timer.cancel();
      flush();
      ended = true;
    },
  };
}

/** Noted before it is written, so that no answer can come before its question. */
function recording(link: SerialLink, note: (bytes: Uint8Array) => void): SerialLink {
  return {
    ...link,
    write: (bytes) => {
      if (bytes.length > 0) note(bytes);
      return link.write(bytes);
    },
  };
}

/** @throws AppError `record.refused` when the file cannot be made; an older trace is never overwritten. */
export function openTraceFile(path: string, platform: { clock: Clock; log: Log }): TraceRecorder {
  let fd: number;
  try {
    fd = openSync(path, 'wx', 0o600);
  } catch (cause) {
    const text = `the trace ${path} cannot be written: ${errorText(cause)}`;
    throw new AppError('record.refused', text, { kind: 'operator', cause });
  }
  const recorder = createTraceRecorder({ ...platform, write: (text) => void writeSync(fd, text) });
  return {
    wrap: recorder.wrap,
    close: () => {
      recorder.close();
      closeSync(fd);
    },
  };
}
