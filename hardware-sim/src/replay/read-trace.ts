import { AppError } from '@tagtrail/shared/error.js';
import { decodeTraceLine, isTraceHead, type TraceDevice, type TraceLine } from '@tagtrail/shared/serial/trace.js';

/** What a device said after one question of the agent, and how long after it. */
export interface Exchange {
  /** The question in hexadecimal; empty for what a device said before it was asked anything. */
  readonly question: string;
  readonly atMs: number;
  readonly answers: readonly { readonly afterMs: number; readonly bytes: Uint8Array }[];
}

/** A trace in the order of one device. */
export interface DeviceTrace {
  readonly exchanges: readonly Exchange[];
  /** When the device was unplugged, and plugged in again. */
  readonly cable: readonly { readonly atMs: number; readonly plugged: boolean }[];
}

export interface Trace {
  readonly devices: Readonly<Record<TraceDevice, DeviceTrace>>;
  /** When the agent first asked any device something; 0 when it never did. */
  readonly firstQuestionMs: number;
  readonly lastMs: number;
  /** Lines that are none of a trace, such as a last one that was cut. */
  readonly unreadable: number;
}

/** @throws AppError `replay.no_trace` when the text is no trace at all. */
export function readTrace(text: string): Trace {
  const [head = '', ...rest] = text.split('\n');
  if (!isTraceHead(head)) {
    const told = 'This is not a trace. Record one with `npm run edge -- --config FILE --record TRACE`.';
    throw new AppError('replay.no_trace', told, { kind: 'operator' });
  }
  const written = rest.filter((line) => line !== '');
  const lines = written.flatMap((line) => decodeTraceLine(line) ?? []);
  const of = (device: TraceDevice): DeviceTrace => deviceTrace(lines.filter((line) => line.device === device));
  return {
    devices: { uhf: of('uhf'), badge: of('badge'), lock: of('lock') },
    firstQuestionMs: lines.find((line) => line.kind === 'sent')?.atMs ?? 0,
    lastMs: lines.at(-1)?.atMs ?? 0,
    unreadable: written.length - lines.length,
  };
}

function deviceTrace(lines: readonly TraceLine[]): DeviceTrace {
  const exchanges: { question: string; atMs: number; answers: { afterMs: number; bytes: Uint8Array }[] }[] = [];
  const cable: { atMs: number; plugged: boolean }[] = [];
  for (const line of lines) {
    switch (line.kind) {
      case 'sent':
        exchanges.push({ question: Buffer.from(line.bytes).toString('hex'), atMs: line.atMs, answers: [] });
        break;
      case 'received': {
        if (exchanges.length === 0) exchanges.push({ question: '', atMs: 0, answers: [] });
        const last = exchanges.at(-1);
        last?.answers.push({ afterMs: line.atMs - last.atMs, bytes: line.bytes });
        break;
      }
      case 'close':
        if (line.reason === 'unplugged') cable.push({ atMs: line.atMs, plugged: false });
        break;
      case 'open':
        if (cable.at(-1)?.plugged === false) cable.push({ atMs: line.atMs, plugged: true });
    }
  }
  return { exchanges, cable };
}
