import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Database } from '../database/open-database.js';
import { watchGaps } from '../ingest/stream-gaps.js';
import { type Stalled, type StalledWatch, watchStalled } from '../metrics/stalled.js';
import { startOffBoarding } from '../off-boarding/off-boarding-job.js';
import { type Sealer, startSealer } from '../proof/sealer.js';
import { createWitnesses } from '../proof/witnesses.js';
import { startRenewal } from '../rebuild/renew-projections.js';
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
  /** What the keys that sign the trail follow from. */
  readonly logSecret: string;
  /** What they followed from before; absent where they have not changed, or every cabinet has followed. */
  readonly formerLogSecret: string | undefined;
  /** False where no other process changes anything: then nothing has to be listened for. */
  readonly others: boolean;
}

export interface Jobs {
  readonly rulebooks: Rulebooks;
  /** Cabinets that are online and do not deliver; undefined until that was looked at. */
  stalled(): Stalled | undefined;
  /** Starts what changes data by the clock; to be called when everything else stands. */
  begin(): void;
  close(): Promise<void>;
}

/** What runs by itself: rulebooks that follow the trail, checkpoints of it, retention, and customers that leave. */
export function startJobs(options: StartJobsOptions): Jobs {
  const { store, database, clock, random, log, link, others } = options;
  const rulebooks = createRulebooks({
    store,
    clock,
    log,
    publish: (topic, body) => link.send(topic, body, { retain: true }),
  });
  const witnesses = createWitnesses({
    ...{ store, clock, log },
    send: (topic, body) => link.send(topic, body, { retain: false }),
  });
  const following = others
    ? followTrail({ store, databaseUrl: database.url, clock, log, rulebooks })
    : { stop: async () => {} };
  let stopRetention = (): void => {};
  let leaving: Timer | undefined;
  let watch: StalledWatch | undefined;
  let sealer: Sealer | undefined;
  let gaps: Timer | undefined;
  let renewal: ReturnType<typeof startRenewal> | undefined;
  return {
    rulebooks,
    stalled: () => watch?.read(),
    begin: () => {
      sealer = startSealer({
        ...{ store, databaseUrl: database.url, clock, log, secret: options.logSecret },
        formerSecret: options.formerLogSecret,
        onCheckpoint: (tenant) => witnesses.request(tenant),
      });
      watch = watchStalled({ store, clock, log });
      gaps = watchGaps({ store, clock, log });
      renewal = startRenewal({ store, clock, log });
      const timer = startRetentionJob({ store, clock, random, log });
      stopRetention = () => timer.cancel();
      leaving = startOffBoarding({
        ...{ store, clock, log, link, logSecret: options.logSecret },
        requestRulebooks: (tenant) => rulebooks.request(tenant),
      });
    },
    close: async () => {
      watch?.stop();
      gaps?.cancel();
      stopRetention();
      leaving?.cancel();
      await renewal?.close();
      await sealer?.close();
      await witnesses.close();
      await following.stop();
      await rulebooks.close();
    },
  };
}
