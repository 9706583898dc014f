import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Database } from '../database/open-database.js';
import { startRetentionJob } from '../retention/retention-job.js';
import { followTrail } from '../rulebooks/follow-trail.js';
import { createRulebooks, type Rulebooks } from '../rulebooks/rulebooks.js';
import type { Store } from '../store/prisma.js';
import type { LateLink } from './link.js';

export interface StartJobsOptions {
  readonly store: Store;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly link: LateLink;
  /** False where no other process changes anything: then nothing has to be listened for. */
  readonly others: boolean;
}

export interface Jobs {
  readonly rulebooks: Rulebooks;
  /** Starts what changes data by the clock; to be called when everything else stands. */
  begin(): void;
  close(): Promise<void>;
}

/** What runs by itself: rulebooks that follow the trail, and retention. */
export function startJobs({ store, database, clock, random, log, link, others }: StartJobsOptions): Jobs {
  const rulebooks = createRulebooks({
    store,
    clock,
    log,
    publish: (topic, body) => link.send(topic, body, { retain: true }),
  });
  const following = others
    ? followTrail({ store, databaseUrl: database.url, clock, log, rulebooks })
    : { stop: async () => {} };
  let stopRetention = (): void => {};
  return {
    rulebooks,
    begin: () => {
      const timer = startRetentionJob({ store, clock, random, log });
      stopRetention = () => timer.cancel();
    },
    close: async () => {
      stopRetention();
      await following.stop();
      await rulebooks.close();
    },
  };
}
