import { AppError } from '@tagtrail/shared/error.js';

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly stream: string;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** What waits for one tenant, and what is being stored of it. */
interface Line<Item, Outcome> {
  waiting: Waiting<Item, Outcome>[];
  /** The streams of the groups that are being stored. */
  readonly busy: Set<string>;
  readonly groups: Set<Promise<void>>;
}

export interface TenantQueueOptions<Item, Outcome> {
  /** Stores items of one tenant together and answers one outcome for each, in order. */
  readonly store: (tenant: string, items: readonly Item[]) => Promise<readonly Outcome[]>;
  /** The stream that an item is part of: items of one stream are stored in the order in which they came. */
  readonly streamOf: (item: Item) => string;
  /** Items that go into one transaction at most. */
  readonly together: number;
  /** Transactions of one tenant that run at once: while the database works for one, the process prepares the next. */
  readonly atOnce: number;
  /** Items that may wait for one tenant; more are turned away. */
  readonly waitAtMost: number;
}

export interface TenantQueue<Item, Outcome> {
  /**
   * Rejects with AppError `ingest.busy` when too many wait, or with what the store threw.
   */
  add(tenant: string, item: Item): Promise<Outcome>;
  /** Resolves when nothing waits or runs. */
  drained(): Promise<void>;
}

/**
 * A natural group commit for each tenant: while transactions run, what arrives gathers for the
 * next. A slow database makes the groups larger, not the queue longer. When a group is refused,
 * its items are tried one by one, so that one bad item does not hold up the others.
 */
export function createTenantQueue<Item, Outcome>(
  options: TenantQueueOptions<Item, Outcome>,
): TenantQueue<Item, Outcome> {
  const { atOnce, together } = options;
  const lines = new Map<string, Line<Item, Outcome>>();

  /** Starts as many groups as may run; each takes its share of what waits, so that none is left without work. */
  function startGroups(tenant: string, line: Line<Item, Outcome>): void {
    while (line.groups.size < atOnce) {
      const group = takeGroup(line, { share: Math.ceil(line.waiting.length / atOnce), together });
      if (group.length === 0) break;
      const done = storeGroup(tenant, group).then(() => {
        for (const { stream } of group) line.busy.delete(stream);
        line.groups.delete(done);
        startGroups(tenant, line);
      });
      line.groups.add(done);
    }
    if (line.groups.size === 0) lines.delete(tenant);
  }

  async function storeGroup(tenant: string, group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await options.store(
        tenant,
        group.map(({ item }) => item),
      );
      group.forEach(({ resolve }, place) => {
        resolve(outcomes[place] as Outcome);
      });
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await storeGroup(tenant, [one]);
    }
  }

  return {
    add: (tenant, item) =>
      new Promise((resolve, reject) => {
        const line = lines.get(tenant) ?? { waiting: [], busy: new Set(), groups: new Set() };
        if (line.waiting.length >= options.waitAtMost) {
          reject(new AppError('ingest.busy', 'Too many batches wait to be stored.', { kind: 'operator' }));
          return;
        }
        lines.set(tenant, line);
        line.waiting.push({ item, stream: options.streamOf(item), resolve, reject });
        startGroups(tenant, line);
      }),
    drained: async () => {
      while (lines.size > 0) await Promise.all([...lines.values()].flatMap(({ groups }) => [...groups]));
    },
  };
}

/**
 * Takes the oldest items of which no other group has the stream, and marks their streams as busy. What waits
 * behind them in the same streams goes along, for nobody else could take it meanwhile.
 */
function takeGroup<Item, Outcome>(
  line: Line<Item, Outcome>,
  { share, together }: { readonly share: number; readonly together: number },
): readonly Waiting<Item, Outcome>[] {
  const group: Waiting<Item, Outcome>[] = [];
  const rest: Waiting<Item, Outcome>[] = [];
  const own = new Set<string>();
  for (const one of line.waiting) {
    const isFree = own.has(one.stream) || (group.length < share && !line.busy.has(one.stream));
    if (isFree && group.length < together) {
      group.push(one);
      own.add(one.stream);
    } else rest.push(one);
  }
  for (const stream of own) line.busy.add(stream);
  line.waiting = rest;
  return group;
}
