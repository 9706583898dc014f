import { needsSnapshot, skippedBefore, snapshotEntries } from '@tagtrail/cloud/live/resume.js';
import {
  emptyTrail,
  lastIndexOf,
  rowsOf,
  type TrailList,
  type TrailPatch,
  withPatch,
  withSnapshot,
} from '@tagtrail/shared/live/trail-list.js';
import { below, chance, type Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Look } from '../checkers/run-record.js';
import type { CloudEntry } from './cloud-entry.js';
import type { MemoryCloud } from './memory-cloud.js';

/** How a screen takes new lines in. */
export type FoldPatch = (list: TrailList<CloudEntry>, patch: TrailPatch<CloudEntry>) => TrailList<CloudEntry>;

/** An asset manager's browser: the list that the dashboard keeps, behind a connection that breaks and repeats. */
export interface Browser {
  readonly looks: readonly Look[];
  /** From now on the connection neither breaks nor repeats. */
  steady(): void;
}

interface BrowserOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly cloud: MemoryCloud;
  readonly foldPatch?: FoldPatch;
}

/** A connection keeps the order of what is sent; what is on the way when it breaks is lost. */
interface Connection {
  sent: number;
  freeAtMs: number;
}

const heldLines = 300;
const slowestMs = 400;
const repeatsPercent = 40;
/** A patch comes a second time so much later at most. */
const repeatedWithinMs = 60_000;
const breaksPercent = 10;
const comesBackMs = [500, 2_000] as const;

export function createBrowser({ clock, random, cloud, foldPatch = withPatch }: BrowserOptions): Browser {
  const looks: Look[] = [];
  let list = emptyTrail<CloudEntry>(heldLines);
  let connection: Connection | undefined;
  let isWaiting = false;
  let isSteady = false;
  let trail = 0;

  const happens = (percent: number): boolean => chance(random, percent, 100) && !isSteady;
  const deliver = (to: Connection, atMs: number, take: () => void): void => {
    clock.startTimer('to the browser', atMs - clock.monotonicMs(), () => {
      if (connection !== to) return;
      take();
      looks.push(lookAt(list, trail));
    });
  };
  const dueOf = (to: Connection): number => {
    to.freeAtMs = Math.max(to.freeAtMs, clock.monotonicMs() + below(random, slowestMs));
    return to.freeAtMs;
  };

  const sendPatch = (to: Connection): void => {
    const entries = cloud.entries.slice(to.sent + 1);
    if (entries.length === 0) return;
    const patch = { from: to.sent + 1, to: to.sent + entries.length, entries };
    to.sent = patch.to;
    const take = (): void => {
      list = foldPatch(list, patch);
    };
    const dueMs = dueOf(to);
    deliver(to, dueMs, take);
    if (happens(repeatsPercent)) deliver(to, dueMs + below(random, repeatedWithinMs), take);
    if (happens(breaksPercent)) clock.startTimer('browser is cut', below(random, slowestMs), () => cut(to));
  };
  const sendSnapshot = (to: Connection, after: number | null): void => {
    const head = cloud.entries.length - 1;
    const entries = cloud.entries.slice(-snapshotEntries);
    const snapshot = {
      index: head,
      entries,
      skipped: skippedBefore(entries[0], after, head),
      after,
      continues: after !== null,
    };
    const of = cloud.restores();
    to.sent = head;
    deliver(to, dueOf(to), () => {
      trail = of;
      list = withSnapshot(list, snapshot);
    });
  };

  const connect = (): void => {
    isWaiting = false;
    if (!cloud.isUp()) {
      comeBack();
      return;
    }
    // What the marks of the lines say in the real protocol.
    const after = trail === cloud.restores() ? lastIndexOf(list) : null;
    connection = { sent: after ?? -1, freeAtMs: clock.monotonicMs() };
    if (after === null || needsSnapshot(after, cloud.entries.length - 1)) sendSnapshot(connection, after);
    else sendPatch(connection);
  };
  const comeBack = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    const [least, most] = comesBackMs;
    clock.startTimer('browser connects', least + below(random, most - least), connect);
  };
  const cut = (which: Connection | undefined): void => {
    if (which === undefined || connection !== which) return;
    connection = undefined;
    comeBack();
  };

  cloud.onMoved((what) => {
    if (what === 'cut') cut(connection);
    else if (connection !== undefined) sendPatch(connection);
  });
  connect();
  return {
    looks,
    steady: () => {
      isSteady = true;
    },
  };
}

function lookAt(list: TrailList<CloudEntry>, trail: number): Look {
  const newest = new Map<string, number>();
  let holes = 0;
  for (const row of rowsOf(list)) {
    if (row.type === 'gap') holes++;
    else if (row.entry.assetId !== null && !newest.has(row.entry.assetId)) {
      newest.set(row.entry.assetId, row.entry.index);
    }
  }
  return { trail, newest, holes, truncated: list.truncated };
}
