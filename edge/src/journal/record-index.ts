import type { Run, SeqRange } from './recover.js';

/** Where the confirmed records are, and when they happened; small enough to be kept in memory. */
export interface StoredRun {
  readonly name: string;
  readonly run: Pick<Run, 'first' | 'last' | 'offsets' | 'atMs' | 'end'>;
}

export interface RecordIndex {
  /** The first sequence that can be read; undefined when there is none. */
  first(): number | undefined;
  add(stored: StoredRun): void;
  /** Notes a record that was appended behind the last one of `name`. */
  append(name: string, record: { seq: number; offset: number; end: number; atMs: number }): void;
  find(seq: number): StoredRun | undefined;
  /** The first sequence from `seq` on that can be read. */
  atOrAfter(seq: number): number | undefined;
  /** Wall time of a record. */
  atMs(seq: number): number | undefined;
  /** How many of the sequences of the range can be read. */
  count(range: SeqRange): number;
  /** Files other than `active` in which every record is acknowledged and older than `olderThanMs`. */
  trimmable(active: string | undefined, upTo: number, olderThanMs: number): readonly string[];
  forget(name: string): void;
}

export function createRecordIndex(): RecordIndex {
  let runs: StoredRun[] = [];
  const find = (seq: number): StoredRun | undefined => {
    let low = 0;
    let high = runs.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const stored = runs[middle] as StoredRun;
      if (seq < stored.run.first) high = middle - 1;
      else if (seq > stored.run.last) low = middle + 1;
      else return stored;
    }
    return undefined;
  };
  return {
    first: () => runs[0]?.run.first,
    add: (stored) => {
      runs.push(stored);
    },
    append: (name, { seq, offset, end, atMs }) => {
      const stored = runs.at(-1);
      if (stored?.name === name && stored.run.last === seq - 1) {
        const { run } = stored;
        run.offsets.push(offset);
        run.atMs.push(atMs);
        run.last = seq;
        run.end = end;
        return;
      }
      runs.push({ name, run: { first: seq, last: seq, offsets: [offset], atMs: [atMs], end } });
    },
    find,
    atOrAfter: (seq) => {
      const next = runs.find(({ run }) => run.last >= seq);
      return next === undefined ? undefined : Math.max(seq, next.run.first);
    },
    atMs: (seq) => {
      const stored = find(seq);
      return stored?.run.atMs[seq - stored.run.first];
    },
    count: ({ from, to }) =>
      runs.reduce((sum, { run }) => sum + Math.max(0, Math.min(run.last, to) - Math.max(run.first, from) + 1), 0),
    trimmable: (active, upTo, olderThanMs) => {
      const names: string[] = [];
      for (const name of new Set(runs.map((stored) => stored.name))) {
        const own = runs.filter((stored) => stored.name === name);
        const done = own.every(({ run }) => run.last <= upTo && (run.atMs.at(-1) ?? 0) < olderThanMs);
        // Only from the front: a hole in the middle would be taken for damage.
        if (name === active || !done) break;
        names.push(name);
      }
      return names;
    },
    forget: (name) => {
      runs = runs.filter((stored) => stored.name !== name);
    },
  };
}
