import { AppError, errorText } from '@tagtrail/shared/error.js';
import { type LiveClientEvents, type LiveServerEvents, watchRequest } from '@tagtrail/shared/live/protocol.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { Server, Socket } from 'socket.io';
import { authenticate, holdingSignIns, type SignedIn } from '../auth/authenticate.js';
import type { PasswordSignIn } from '../auth/password-sign-in.js';
import { createStageBook, type StageBook, type StageCounts } from '../metrics/stage-book.js';
import type { Store } from '../store/prisma.js';
import type { Feeds } from './feeds.js';
import { scopeRoom } from './scope-room.js';

type NoEvents = Record<string, never>;
export type LiveServer = Server<LiveClientEvents, LiveServerEvents, NoEvents, { signedIn?: SignedIn }>;
type LiveSocket = Socket<LiveClientEvents, LiveServerEvents, NoEvents, { signedIn?: SignedIn }>;
type EndReason = Parameters<LiveServerEvents['ended']>[0];

export interface ConnectionsOptions {
  readonly store: Store;
  readonly passwordSignIn: PasswordSignIn;
  readonly feeds: Feeds;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Connections {
  /** Cuts every connection of an ended sign-in. */
  signInEnded(signInId: string): void;
  /** Looks at every sign-in again, after notices may have been missed. */
  checkAll(): void;
  readonly open: number;
  /** What became of the requests to watch. */
  book(): StageCounts;
  close(): void;
}

const watchDoors = ['watching', 'refused', 'interrupted'] as const;
type WatchBook = StageBook<(typeof watchDoors)[number]>;

/** More than a person has tabs; a page that leaks connections stops here. */
const perUser = 10;
/** A page watches once for each connect; more than this in a minute is no page of ours. */
const messagesPerMinute = 60;
const checkEveryMs = 60_000;
/** A sign-in that ends without a notice, as one deleted by hand does, has its screens cut within five seconds. */
const lookEveryMs = 4_000;

/**
 * Who is connected. The sign-in cookie of the handshake decides once, and again every minute and
 * whenever a sign-in ends; an open screen counts as use of the sign-in. In between, one question for
 * all screens tells which sign-ins are gone.
 */
export function createConnections(io: LiveServer, options: ConnectionsOptions): Connections {
  const { log } = options;
  const book = createStageBook(watchDoors);
  io.use((socket, next) => {
    void admit(io, socket, options).then(
      (problem) => next(problem),
      (error: unknown) => {
        log.error({ problem: errorText(error) }, 'live.connection.refused');
        next(new AppError('live.unavailable', 'The server cannot answer now.', { kind: 'bug' }));
      },
    );
  });
  const checks = new Map<LiveSocket, () => void>();
  // Nobody is looked for while no screen is open.
  let looking: Timer | undefined;
  const stopLooking = (): void => {
    looking?.cancel();
    looking = undefined;
  };
  io.on('connection', (socket) => {
    const { signedIn } = socket.data;
    // Counted again: many handshakes at once have not seen each other.
    if (signedIn === undefined || openOf(io, signedIn) > perUser) return void socket.disconnect(true);
    checks.set(socket, serve(socket, signedIn, { ...options, book }));
    looking ??= repeat(options.clock, 'live sign-ins', lookEveryMs, () =>
      look().catch((error: unknown) => log.error({ problem: errorText(error) }, 'live.sign-in.unchecked')),
    );
    socket.on('disconnect', () => {
      checks.delete(socket);
      if (checks.size === 0) stopLooking();
    });
  });
  const look = async (): Promise<void> => {
    const ids = new Set(sockets(io).flatMap(({ data }) => data.signedIn?.signInId ?? []));
    const holding = await holdingSignIns(options.store, [...ids], options.clock.wallMs());
    for (const socket of sockets(io)) {
      const id = socket.data.signedIn?.signInId;
      // One that has come since was looked at by its own handshake.
      if (id !== undefined && ids.has(id) && !holding.has(id)) end(socket, 'expired');
    }
  };
  return {
    signInEnded: (signInId) => {
      for (const socket of sockets(io)) if (socket.data.signedIn?.signInId === signInId) end(socket, 'signed_out');
    },
    checkAll: () => {
      for (const check of checks.values()) check();
    },
    get open() {
      return checks.size;
    },
    book: () => book.read(),
    close: () => {
      stopLooking();
      for (const socket of sockets(io)) end(socket, 'shutting_down');
    },
  };
}

async function admit(io: LiveServer, socket: LiveSocket, options: ConnectionsOptions): Promise<AppError | undefined> {
  const signedIn = await authenticate(options, socket.handshake.headers.cookie);
  if (signedIn === undefined) return new AppError('live.not_signed_in', 'Sign in first.', { kind: 'peer' });
  if (openOf(io, signedIn) >= perUser) {
    return new AppError('live.too_many', 'Too many live connections of this user are open.', { kind: 'peer' });
  }
  socket.data.signedIn = signedIn;
  return undefined;
}

/** Answers one connection until it goes; the result looks at its sign-in again. */
function serve(
  socket: LiveSocket,
  signedIn: SignedIn,
  options: ConnectionsOptions & { readonly book: WatchBook },
): () => void {
  const { feeds, clock, log, book } = options;
  const feed = feeds.open(signedIn.scope.tenantId);
  let watches: 'no' | 'asked' | 'yes' = 'no';
  let messages = 0;
  socket.use(([event], next) => {
    messages++;
    if (messages > messagesPerMinute) {
      // What came in the same breath is still handed over after the cut.
      if (messages === messagesPerMinute + 1) log.warn({ user: signedIn.user.id }, 'live.connection.flooded');
      return void socket.disconnect(true);
    }
    if (event !== 'watch') {
      log.warn({ user: signedIn.user.id, event: String(event).slice(0, 60) }, 'live.event.unknown');
    }
    next();
  });
  socket.on('watch', (request: unknown, done: unknown) => {
    const answer = typeof done === 'function' ? (done as Parameters<LiveClientEvents['watch']>[1]) : () => {};
    const parsed = watchRequest.safeParse(request);
    book.enter();
    if (!parsed.success || watches !== 'no') {
      log.warn({ user: signedIn.user.id }, 'live.watch.refused');
      book.leave('refused');
      return answer({
        ok: false,
        problem: parsed.success ? 'This connection watches already.' : 'Not a watch request.',
      });
    }
    watches = 'asked';
    const join = (): void => {
      if (socket.connected) {
        watches = 'yes';
        void socket.join(scopeRoom(signedIn.scope));
      } else {
        feed.leave(signedIn.scope);
      }
    };
    void feed
      .watch({
        scope: signedIn.scope,
        after: parsed.data.after === null ? null : { index: parsed.data.after, mark: parsed.data.mark },
        emit: (event, ...payload) => void socket.emit(event, ...payload),
        join,
      })
      .then(
        () => {
          book.leave('watching');
          answer({ ok: true });
        },
        (error: unknown) => {
          watches = 'no';
          book.leave('interrupted');
          log.error({ problem: errorText(error) }, 'live.watch.interrupted');
          answer({ ok: false, problem: 'The server cannot answer now; try again.' });
        },
      );
  });
  let timer: Timer;
  const check = (): void => void recheck(socket, signedIn, options);
  const tick = (): void => {
    messages = 0;
    check();
    timer = clock.startTimer('live sign-in', checkEveryMs, tick);
  };
  timer = clock.startTimer('live sign-in', checkEveryMs, tick);
  socket.on('disconnect', () => {
    timer.cancel();
    if (watches === 'yes') feed.leave(signedIn.scope);
  });
  return check;
}

async function recheck(socket: LiveSocket, signedIn: SignedIn, options: ConnectionsOptions): Promise<void> {
  try {
    const now = await authenticate(options, socket.handshake.headers.cookie);
    if (now === undefined) return end(socket, 'expired');
    // With other rights it belongs into another room: the page connects again.
    if (scopeRoom(now.scope) !== scopeRoom(signedIn.scope)) socket.disconnect(true);
  } catch (error) {
    options.log.error({ problem: errorText(error) }, 'live.sign-in.unchecked');
  }
}

function end(socket: LiveSocket, reason: EndReason): void {
  socket.emit('ended', reason);
  socket.disconnect(true);
}

function openOf(io: LiveServer, signedIn: SignedIn): number {
  return sockets(io).filter((socket) => socket.data.signedIn?.user.id === signedIn.user.id).length;
}

function sockets(io: LiveServer): LiveSocket[] {
  return [...io.of('/').sockets.values()];
}
