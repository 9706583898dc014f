import { errorText } from '@tagtrail/shared/error.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { z } from 'zod';
import { type Listening, listen } from '../database/listen.js';
import { entryChannel, type TrailNotice, trailNotice } from '../store/notices.js';
import type { Store } from '../store/prisma.js';
import { rulebookNeed } from './rulebook-need.js';
import type { Rulebooks } from './rulebooks.js';

/** The channel by which a process that heard a cabinet tells the one that writes rulebooks. */
export const rulebookHeardChannel = 'tagtrail_rulebook_heard';

const heardNotice = z.object({ tenant: z.uuid(), cabinet: z.uuid(), version: z.int().min(0) });

/** Passes on which rulebook a cabinet (UUIDs) said it has. */
export async function tellRulebookHeard(store: Store, heard: z.infer<typeof heardNotice>): Promise<void> {
  await store.global.$queryRaw`select pg_notify(${rulebookHeardChannel}, ${JSON.stringify(heard)})::text`;
}

export interface FollowTrailOptions {
  readonly store: Store;
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly rulebooks: Rulebooks;
}

/**
 * Renews rulebooks after what other processes did. Their entries are the notice: it is sent by the
 * commit itself, so no change is without one. What was missed while the connection was gone is
 * made good by looking at every customer after each connect.
 */
export function followTrail({ store, databaseUrl, clock, log, rulebooks }: FollowTrailOptions): Listening {
  const unread = new Map<string, { from: number; to: number }>();

  async function look(tenant: string): Promise<void> {
    for (let range = unread.get(tenant); range !== undefined; range = unread.get(tenant)) {
      const { from, to } = range;
      const lines = await store.readTenant(
        tenant,
        (tx) => tx.$queryRaw<{ kind: string; source: string }[]>`
          select distinct kind, source from entry
          where tenant_id = ${tenant}::uuid and index between ${from} and ${to}`,
      );
      const need = rulebookNeed(lines);
      if (need === 'change') rulebooks.request(tenant);
      if (need === 'custody') rulebooks.requestForCustody(tenant);
      if (unread.get(tenant) === range) unread.delete(tenant);
    }
  }

  function moved({ tenant, from, to }: TrailNotice): void {
    const before = unread.get(tenant);
    unread.set(tenant, { from: Math.min(from, before?.from ?? from), to: Math.max(to, before?.to ?? to) });
    if (before !== undefined) return;
    void look(tenant).catch((error: unknown) => {
      unread.delete(tenant);
      log.warn({ tenant, reason: errorText(error) }, 'rulebooks.trail.not_read');
      rulebooks.request(tenant);
    });
  }

  async function all(): Promise<void> {
    const tenants = await store.tenants().catch(() => []);
    for (const tenant of tenants) rulebooks.request(tenant);
  }

  const heard = [
    listen({
      ...{ url: databaseUrl, channel: entryChannel, clock, log },
      onNotice: (payload) => {
        const notice = trailNotice(payload);
        if (notice !== undefined) moved(notice);
      },
      onConnected: () => void all(),
    }),
    listen({
      ...{ url: databaseUrl, channel: rulebookHeardChannel, clock, log },
      onNotice: (payload) => {
        const notice = readHeard(payload);
        if (notice !== undefined) void rulebooks.heard(notice.address, notice.version);
      },
      onConnected: () => {},
    }),
  ];
  return {
    stop: async () => {
      await Promise.all(heard.map((listening) => listening.stop()));
    },
  };
}

/** What `tellRulebookHeard` said; undefined for a notice of another make. */
function readHeard(payload: string): { readonly address: CabinetAddress; readonly version: number } | undefined {
  try {
    const { tenant, cabinet, version } = heardNotice.parse(JSON.parse(payload));
    return { address: { tenant: idFromUuid('tenant', tenant), cabinet: idFromUuid('cabinet', cabinet) }, version };
  } catch {
    return undefined;
  }
}
