import type { Server as HttpServer } from 'node:http';
import { livePath } from '@tagtrail/shared/live/protocol.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { Server } from 'socket.io';
import { isOwnOrigin } from '../api/origin-check.js';
import type { PasswordSignIn } from '../auth/password-sign-in.js';
import { signInEndedChannel } from '../auth/sign-in-ended.js';
import { listen } from '../database/listen.js';
import { createStageBook, type StageCounts } from '../metrics/stage-book.js';
import { cabinetChannel, cabinetNotice, entryChannel, trailNotice } from '../store/notices.js';
import type { Store } from '../store/prisma.js';
import { createConnections, type LiveServer } from './connections.js';
import { createFeeds } from './feeds.js';
import type { TenantFeed } from './tenant-feed.js';

export interface LiveOptions {
  readonly store: Store;
  /** What to listen on for notices. */
  readonly databaseUrl: string;
  readonly passwordSignIn: PasswordSignIn;
  readonly clock: Clock;
  readonly log: Log;
  readonly publicUrl?: string | undefined;
}

export interface Live {
  readonly connections: number;
  /** What became of the notices of the database, and of the requests to watch. */
  books(): { readonly notices: StageCounts; readonly watches: StageCounts };
  /** Tells every connection that the server goes, and cuts it. */
  close(): Promise<void>;
}

const noticeDoors = ['fed', 'nobody', 'unreadable'] as const;

/** Nothing that a browser says to us is long. */
const largestMessage = 4096;

/** The live feed on the server of the API: PostgreSQL's notices in, socket.io out. */
export function startLive(server: HttpServer, options: LiveOptions): Live {
  const { store, databaseUrl, clock, log } = options;
  const publicOrigin = options.publicUrl === undefined ? undefined : new URL(options.publicUrl).origin;
  const io: LiveServer = new Server(server, {
    path: livePath,
    serveClient: false,
    maxHttpBufferSize: largestMessage,
    connectTimeout: 10_000,
    pingInterval: 10_000,
    pingTimeout: 15_000,
    allowRequest: (request, decide) => {
      const { origin, host } = request.headers;
      const site = request.headers['sec-fetch-site'];
      const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
      const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
      const own = origin === undefined || isOwnOrigin(origin, host, publicOrigin);
      decide(null, own && !foreign && !query.has('token') && !query.has('cookie'));
    },
  });
  const feeds = createFeeds({
    store,
    clock,
    log,
    toRoom:
      (room) =>
      (event, ...payload) =>
        void io.to(room).emit(event, ...payload),
  });
  const connections = createConnections(io, { ...options, feeds });
  const notices = createStageBook(noticeDoors);
  /** Gives a notice to the feed of its customer, where somebody watches. */
  const feed = <N extends { readonly tenant: string }>(notice: N | undefined, give: (to: TenantFeed) => void): void => {
    notices.enter();
    const found = notice === undefined ? undefined : feeds.find(notice.tenant);
    if (found !== undefined && !found.isIdle) {
      give(found);
      notices.leave('fed');
    } else {
      notices.leave(notice === undefined ? 'unreadable' : 'nobody');
    }
  };
  const heard = [
    listen({
      url: databaseUrl,
      channel: entryChannel,
      clock,
      log,
      onNotice: (payload) => feed(trailNotice(payload), (to) => to.trailMoved()),
      onConnected: () => feeds.all((feed) => feed.trailMoved()),
    }),
    listen({
      url: databaseUrl,
      channel: cabinetChannel,
      clock,
      log,
      onNotice: (payload) => {
        const notice = cabinetNotice(payload);
        feed(notice, (to) => to.cabinetsMoved(notice?.cabinets ?? []));
      },
      onConnected: () => {},
    }),
    listen({
      url: databaseUrl,
      channel: signInEndedChannel,
      clock,
      log,
      onNotice: (signInId) => connections.signInEnded(signInId),
      onConnected: () => connections.checkAll(),
    }),
  ];
  return {
    get connections() {
      return connections.open;
    },
    books: () => ({ notices: notices.read(), watches: connections.book() }),
    close: async () => {
      connections.close();
      feeds.close();
      io.engine.close();
      await Promise.all(heard.map((listening) => listening.stop()));
    },
  };
}
