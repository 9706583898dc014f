import { type TraceDevice, traceDevices } from '@tagtrail/shared/serial/trace.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { OpenPort, Port } from '../serve/port.js';
import type { Exchange, Trace } from './read-trace.js';
import { createScript, type Script, type ScriptCounts } from './script.js';

export interface ReplayOptions {
  readonly trace: Trace;
  readonly clock: Clock;
  readonly openPort: OpenPort;
  /** Told each time the path of a device changes; undefined while it is unplugged. */
  readonly onPath: (device: TraceDevice, path: string | undefined) => void;
  /** Everything that the trace holds has been said. */
  readonly onEnd: () => void;
}

export interface Replay {
  counts(): Readonly<Record<TraceDevice, ScriptCounts>>;
  close(): void;
}

/** How long the line stays as the last byte left it before the replay is over. */
const lingerMs = 1_000;

/**
 * Plays the devices of a trace: answers follow the questions of the agent that is there now, with
 * the recorded delays; what a device said unasked comes at its time after the first question.
 */
export function startReplay({ trace, clock, openPort, onPath, onEnd }: ReplayOptions): Replay {
  const timers = new Set<Timer>();
  const ports = new Map<TraceDevice, Port>();
  const scripts = new Map<TraceDevice, Script>();
  let running = false;

  const later = (delayMs: number, act: () => void): Timer => {
    const timer = clock.startTimer('replay', Math.max(0, delayMs), () => {
      timers.delete(timer);
      act();
    });
    timers.add(timer);
    return timer;
  };

  /** One exchange ends where the next question of the same device begins, as it did in the trace. */
  const play = (device: TraceDevice, exchange: Exchange, sinceMs: number): void => {
    for (const { afterMs, bytes } of exchange.answers) {
      later(exchange.atMs + afterMs - sinceMs, () => ports.get(device)?.send(bytes));
    }
  };

  const plug = (device: TraceDevice): void => {
    const port = openPort();
    ports.set(device, port);
    port.onData((chunk) => {
      begin();
      for (const exchange of scripts.get(device)?.ask(chunk) ?? []) play(device, exchange, exchange.atMs);
    });
    onPath(device, port.path);
  };
  const unplug = (device: TraceDevice): void => {
    ports.get(device)?.close();
    ports.delete(device);
    onPath(device, undefined);
  };

  function begin(): void {
    if (running) return;
    running = true;
    const beganMs = trace.firstQuestionMs;
    for (const device of traceDevices) {
      const { exchanges, cable } = trace.devices[device];
      const unasked = exchanges[0];
      if (unasked?.question === '') play(device, unasked, beganMs);
      for (const { atMs, plugged } of cable) {
        // An agent that looks for its port finds it a little after it is there.
        later(atMs - beganMs - (plugged ? 100 : 0), () => (plugged ? plug(device) : unplug(device)));
      }
    }
    later(trace.lastMs - beganMs + lingerMs, onEnd);
  }

  for (const device of traceDevices) {
    scripts.set(device, createScript(trace.devices[device].exchanges));
    plug(device);
  }
  const isAsked = traceDevices.some((device) =>
    trace.devices[device].exchanges.some(({ question }) => question !== ''),
  );
  if (!isAsked) begin();

  return {
    counts: () => {
      const of = (device: TraceDevice): ScriptCounts =>
        scripts.get(device)?.counts() ?? { known: 0, repeated: 0, unknownBytes: 0 };
      return { uhf: of('uhf'), badge: of('badge'), lock: of('lock') };
    },
    close: () => {
      for (const timer of timers) timer.cancel();
      timers.clear();
      for (const device of [...ports.keys()]) unplug(device);
    },
  };
}
