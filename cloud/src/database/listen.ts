import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import { connect, type DatabaseClient } from './connect.js';

export interface ListenOptions {
  readonly url: string;
  readonly channel: 'tagtrail_entry' | 'tagtrail_cabinet' | 'tagtrail_sign_in_ended' | 'tagtrail_rulebook_heard';
  readonly clock: Clock;
  readonly log: Log;
  readonly onNotice: (payload: string) => void;
  /** Called after every connect, also the first: notices may have been missed before it. */
  readonly onConnected: () => void;
}

export interface Listening {
  stop(): Promise<void>;
}

/** Hears PostgreSQL notices, and comes back by itself when the connection breaks. */
export function listen(options: ListenOptions): Listening {
  const { clock, log, channel } = options;
  let client: DatabaseClient | undefined;
  let retry: Timer | undefined;
  let stopped = false;
  let attempts = 0;

  const again = (reason: string): void => {
    client = undefined;
    if (stopped) return;
    log.warn({ channel, reason }, 'database.listen.lost');
    attempts++;
    retry = clock.startTimer(`listen ${channel}`, Math.min(10_000, 200 * 2 ** attempts), () => void start());
  };
  const start = async (): Promise<void> => {
    try {
      const fresh = await connect(options.url);
      fresh.on('notification', (notice) => {
        if (notice.payload !== undefined) options.onNotice(notice.payload);
      });
      fresh.once('end', () => {
        if (client === fresh) again('ended');
      });
      await fresh.query(`listen ${channel}`);
      if (stopped) return await fresh.end();
      client = fresh;
      attempts = 0;
      options.onConnected();
    } catch (error) {
      again(errorText(error));
    }
  };
  const first = start();
  return {
    stop: async () => {
      stopped = true;
      retry?.cancel();
      await first;
      const open = client;
      client = undefined;
      await open?.end().catch(() => {});
    },
  };
}
