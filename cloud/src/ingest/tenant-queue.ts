import { AppError } from '@tagtrail/shared/error.js';

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface TenantQueueOptions<Item, Outcome> {
  /** Stores items of one tenant together and answers one outcome for each, in order. */
  readonly store: (tenant: string, items: readonly Item[]) => Promise<readonly Outcome[]>;
  /** Items that go into one transaction at most. */
  readonly together: number;
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
 * A natural group commit for each tenant: while one transaction runs, what arrives gathers for the
 * next. A slow database makes the groups larger, not the queue longer. When a group is refused,
 * its items are tried one by one, so that one bad item does not hold up the others.
 */
export function createTenantQueue<Item, Outcome>(
  options: TenantQueueOptions<Item, Outcome>,
): TenantQueue<Item, Outcome> {
  const waiting = new Map<string, Waiting<Item, Outcome>[]>();
  const running = new Map<string, Promise<void>>();

  async function work(tenant: string): Promise<void> {
    for (;;) {
      const list = waiting.get(tenant);
      if (list === undefined || list.length === 0) {
        waiting.delete(tenant);
        running.delete(tenant);
        return;
      }
      await storeGroup(tenant, list.splice(0, options.together));
    }
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
        const list = waiting.get(tenant) ?? [];
        if (list.length >= options.waitAtMost) {
          reject(new AppError('ingest.busy', 'Too many batches wait to be stored.', { kind: 'operator' }));
          return;
        }
        list.push({ item, resolve, reject });
        waiting.set(tenant, list);
        if (!running.has(tenant)) running.set(tenant, work(tenant));
      }),
    drained: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
