import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { cabinetView } from '@tagtrail/shared/api/cabinet.js';
import { type Overview, overview } from '@tagtrail/shared/api/overview.js';
import {
  type LiveClientEvents,
  type LivePatch,
  type LiveServerEvents,
  type LiveSnapshot,
  livePatch,
  livePath,
  liveSnapshot,
  liveVersion,
  type WatchRequest,
} from '@tagtrail/shared/live/protocol.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import { io, type Socket } from 'socket.io-client';

/** `live` only after the server has answered `watch`: a socket alone proves nothing. */
export type Connection = 'connecting' | 'live' | 'lost' | 'ended';

type LiveSocket = Socket<LiveServerEvents, LiveClientEvents>;

export interface LiveSink {
  /** The last index that is already shown, with its mark; nulls for a fresh start. */
  after(): Pick<WatchRequest, 'after' | 'mark'>;
  snapshot(snapshot: LiveSnapshot, after: number | null): void;
  entries(patch: LivePatch): void;
  cabinet(cabinet: CabinetView): void;
  overview(overview: Overview): void;
  connection(connection: Connection): void;
}
export interface LiveClient {
  start(): void;
  stop(): void;
}

const socketOptions = {
  path: livePath,
  autoConnect: false,
  withCredentials: true,
  transports: ['websocket', 'polling'] as string[],
  reconnectionDelay: 500,
  reconnectionDelayMax: 8_000,
  randomizationFactor: 0.5,
  timeout: 10_000,
} as const;

/** A server that restarts is back within a few seconds. */
const returnAfterMs = 2_000;

/**
 * The only door to socket.io. Reconnects by itself with growing, scattered pauses and asks from
 * the last index on. Every message is checked; one that this page does not know starts it anew
 * from a snapshot, since a line may have been in it.
 */
export function createLiveClient(sink: LiveSink, options: { url: string; clock: Clock }): LiveClient {
  const socket: LiveSocket = io(options.url, socketOptions);
  let asked: number | null = null;
  let over = false;
  let fresh = false;
  let pause: Timer | undefined;

  /** The library comes back by itself only from a broken line, not when the server said no. */
  const comeBack = (): void => {
    pause?.cancel();
    pause = options.clock.startTimer('live reconnect', returnAfterMs, () => {
      if (!over && !socket.active) socket.connect();
    });
  };
  const beginAgain = (): void => {
    socket.disconnect();
    comeBack();
  };
  const watch = (): void => {
    const from = fresh ? { after: null, mark: null } : sink.after();
    asked = from.after;
    fresh = false;
    socket.timeout(10_000).emit('watch', { v: liveVersion, ...from }, (failure, answer) => {
      if (!failure && answer.ok) sink.connection('live');
      // The line is open but nobody answers: begin again, so that the screen does not lie.
      else if (!over) beginAgain();
    });
  };

  socket.on('connect', watch);
  socket.on('connect_error', () => {
    sink.connection('lost');
    if (!socket.active) comeBack();
  });
  socket.on('disconnect', () => {
    if (over) return;
    sink.connection('lost');
    if (!socket.active) comeBack();
  });
  socket.on('ended', (reason) => {
    over = reason !== 'shutting_down';
    sink.connection(over ? 'ended' : 'lost');
  });
  hear(socket, sink, {
    asked: () => asked,
    unclear: () => {
      fresh = true;
      beginAgain();
    },
  });

  const start = (): void => {
    sink.connection('connecting');
    socket.connect();
  };
  const stop = (): void => {
    over = true;
    pause?.cancel();
    socket.disconnect();
  };
  return { start, stop };
}

/** Checks what the server sends and hands it on; `unclear` is called for lines that are not understood. */
function hear(socket: LiveSocket, sink: LiveSink, state: { asked: () => number | null; unclear: () => void }): void {
  socket.on('snapshot', (message) => {
    const parsed = liveSnapshot.safeParse(message);
    if (parsed.success) sink.snapshot(parsed.data, state.asked());
  });
  socket.on('entries', (message) => {
    const parsed = livePatch.safeParse(message);
    if (parsed.success) sink.entries(parsed.data);
    else state.unclear();
  });
  socket.on('cabinet', (message) => {
    const parsed = cabinetView.safeParse(message);
    if (parsed.success) sink.cabinet(parsed.data);
  });
  socket.on('overview', (message) => {
    const parsed = overview.safeParse(message);
    if (parsed.success) sink.overview(parsed.data);
  });
}
