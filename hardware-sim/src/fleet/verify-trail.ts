import type { EntryView } from '@tagtrail/shared/api/entry.js';

/** Holds the trail that the cloud gives back against what the cabinets recorded. */
export interface TrailCheck {
  add(entries: readonly Pick<EntryView, 'cabinet' | 'sequence' | 'kind' | 'status'>[]): void;
  /** What is wrong, with `recorded` as the last sequence of each cabinet, by its id. */
  result(recorded: ReadonlyMap<string, number>): {
    readonly lost: number;
    readonly doubled: number;
    readonly quarantined: number;
  };
}

export function createTrailCheck(): TrailCheck {
  const seen = new Map<string, Map<number, number>>();
  let quarantined = 0;
  return {
    add: (entries) => {
      for (const { cabinet, sequence, status } of entries) {
        if (cabinet === null || sequence === null) continue;
        const counts = seen.get(cabinet.id) ?? new Map<number, number>();
        seen.set(cabinet.id, counts);
        counts.set(sequence, (counts.get(sequence) ?? 0) + 1);
        if (status === 'quarantined') quarantined++;
      }
    },
    result: (recorded) => {
      let lost = 0;
      let doubled = 0;
      for (const [cabinet, last] of recorded) {
        const counts = seen.get(cabinet);
        for (let sequence = 1; sequence <= last; sequence++) {
          const times = counts?.get(sequence) ?? 0;
          if (times === 0) lost++;
          else doubled += times - 1;
        }
      }
      return { lost, doubled, quarantined };
    },
  };
}
