import { TenantFeed, type TenantFeedOptions } from './tenant-feed.js';

/** The feeds of the customers whose screens are open here. */
export interface Feeds {
  /** Undefined while nobody of this customer (UUID) watches. */
  find(tenantId: string): TenantFeed | undefined;
  open(tenantId: string): TenantFeed;
  all(visit: (feed: TenantFeed) => void): void;
  close(): void;
}

export function createFeeds(options: Omit<TenantFeedOptions, 'tenantId'>): Feeds {
  const feeds = new Map<string, TenantFeed>();
  return {
    find: (tenantId) => feeds.get(tenantId),
    open: (tenantId) => {
      const found = feeds.get(tenantId) ?? new TenantFeed({ ...options, tenantId });
      feeds.set(tenantId, found);
      return found;
    },
    all: (visit) => {
      for (const feed of feeds.values()) visit(feed);
    },
    close: () => {
      for (const feed of feeds.values()) feed.close();
      feeds.clear();
    },
  };
}
