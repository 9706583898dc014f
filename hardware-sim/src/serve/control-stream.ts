import type { ServerResponse } from 'node:http';
import { type CabinetState, type ReadBatch, readsPerBatch } from '@tagtrail/shared/simulator/control-protocol.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { Cabinet } from './cabinet.js';
import { stateOf } from './cabinet-state.js';

/** Reads and changes gather for so long before they are sent. */
const batchEveryMs = 100;
/** Counters change with every byte; they are worth a message only this often. */
const countersEveryMs = 1_000;
/** A cabinet has one page; a few more are for people who look over a shoulder. */
const streamLimit = 16;
/** A page that does not read any more is cut off at this many waiting bytes. */
const backlogLimitBytes = 1_000_000;

/** The part of a server response that the stream writes to. */
export type StreamSink = Pick<ServerResponse, 'write' | 'destroy' | 'writableLength'>;

export interface ControlStream {
  /** Sends the state at once and everything after it; false when too many listen already. */
  add(sink: StreamSink): boolean;
  remove(sink: StreamSink): void;
  close(): void;
}

/** Tells pages what changes and what the antennas hear, in batches. Costs nothing while nobody listens. */
export function createControlStream(cabinet: Cabinet, clock: Clock): ControlStream {
  const sinks = new Set<StreamSink>();
  const gathered = createReadGatherer(cabinet.file.antennas, clock);
  let listening: { stop(): void } | undefined;

  const send = (event: string, data: unknown): void => {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const sink of sinks) {
      if (sink.writableLength > backlogLimitBytes) {
        sinks.delete(sink);
        sink.destroy();
      } else sink.write(text);
    }
    stopWhenAlone();
  };
  const stopWhenAlone = (): void => {
    if (sinks.size > 0) return;
    listening?.stop();
    listening = undefined;
  };
  const listen = (): { stop(): void } => {
    const stopHearing = cabinet.onRound(gathered.heard);
    let shown = lasting(stateOf(cabinet));
    let sentMs = clock.monotonicMs();
    const timer: Timer = repeat(clock, 'control stream', batchEveryMs, () => {
      const state = stateOf(cabinet);
      const next = lasting(state);
      const atMs = clock.monotonicMs();
      if (next !== shown || atMs - sentMs >= countersEveryMs) {
        shown = next;
        sentMs = atMs;
        send('state', state);
      }
      const reads = gathered.take();
      if (reads !== undefined) send('reads', reads);
    });
    return {
      stop: () => {
        timer.cancel();
        stopHearing();
        gathered.take();
      },
    };
  };

  return {
    add: (sink) => {
      if (sinks.size >= streamLimit) return false;
      sinks.add(sink);
      listening ??= listen();
      sink.write(`event: state\ndata: ${JSON.stringify(stateOf(cabinet))}\n\n`);
      return true;
    },
    remove: (sink) => {
      sinks.delete(sink);
      stopWhenAlone();
    },
    close: () => {
      for (const sink of sinks) sink.destroy();
      sinks.clear();
      stopWhenAlone();
    },
  };
}

/** The state without what counts up by itself. */
function lasting(state: CabinetState): string {
  return JSON.stringify(state, (name, value) => (name === 'counters' || name === 'leftMs' ? undefined : value));
}

/** Reads since the last batch, bounded. */
function createReadGatherer(antennas: number, clock: Clock) {
  let reads: { epc: string; antenna: number; rssiDbm: number; count: number; heardMs: number }[] = [];
  let leftOut = 0;
  let rounds = new Array<number>(antennas).fill(0);
  let any = false;
  return {
    heard: (antenna: number, heard: readonly { epc: string; rssiDbm: number; count: number }[]): void => {
      any = true;
      rounds[antenna - 1] = (rounds[antenna - 1] ?? 0) + 1;
      const heardMs = clock.monotonicMs();
      for (const read of heard) {
        if (reads.length < readsPerBatch) reads.push({ ...read, antenna, heardMs });
        else leftOut++;
      }
    },
    take: (): ReadBatch | undefined => {
      if (!any) return undefined;
      const nowMs = clock.monotonicMs();
      const batch: ReadBatch = {
        reads: reads.map(({ heardMs, rssiDbm, ...read }) => ({
          ...read,
          rssiDbm: Math.round(rssiDbm),
          agoMs: Math.max(0, Math.round(nowMs - heardMs)),
        })),
        leftOut,
        rounds,
      };
      reads = [];
      leftOut = 0;
      rounds = new Array<number>(antennas).fill(0);
      any = false;
      return batch;
    },
  };
}
