import type { EntryView } from '@tagtrail/shared/api/entry.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import { queriesTouchedBy } from './query-news.js';

/** A busy shift has many lines a second; loading a page again this often is enough to look live. */
const gatherMs = 400;

/** Turns news of the trail into pages loaded again, gathered so that a burst costs one load. */
export function createRefresher(options: { clock: Clock; refresh: (key: readonly string[]) => void }) {
  const waiting = new Map<string, readonly string[]>();
  let timer: Timer | undefined;
  const flush = (): void => {
    timer = undefined;
    const keys = [...waiting.values()];
    waiting.clear();
    for (const key of keys) options.refresh(key);
  };
  const gather = (keys: readonly (readonly string[])[]): void => {
    for (const key of keys) waiting.set(key.join('/'), key);
    if (waiting.size > 0 && timer === undefined) timer = options.clock.startTimer('load pages again', gatherMs, flush);
  };
  return {
    news: (entries: readonly EntryView[]) => gather(queriesTouchedBy(entries)),
    /** Lines were left out, so any page may be old. */
    all: () =>
      gather([
        ['assets'],
        ['asset'],
        ['people'],
        ['person'],
        ['timeline'],
        ['session'],
        ['retention'],
        ['quarantine'],
        ['orders'],
        ['rules'],
        ['attention'],
        ['notices'],
      ]),
  };
}
