/** Reads one value by its key, together with others that are asked for at the same time. */
export type GatheredRead<V> = (key: string) => Promise<V | undefined>;

/**
 * While one read runs, keys that come gather for the next: many that are asked for at once cost
 * one statement, and a slow database makes the groups larger, not the queue longer. A read begins
 * after it was asked for, so that it never tells of an earlier time. What it throws, all of its group get.
 */
export function gatherReads<V>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  atMost: number,
): GatheredRead<V> {
  let next: Group<V> | undefined;
  let running: Promise<unknown> = Promise.resolve();

  function newGroup(): Group<V> {
    const keys = new Set<string>();
    const found = running.then(() => {
      if (next?.keys === keys) next = undefined;
      return read([...keys]);
    });
    running = found.catch(() => {});
    return { keys, found };
  }

  return async (key) => {
    if (next === undefined || next.keys.size >= atMost) next = newGroup();
    next.keys.add(key);
    return (await next.found).get(key);
  };
}

interface Group<V> {
  readonly keys: Set<string>;
  readonly found: Promise<ReadonlyMap<string, V>>;
}
