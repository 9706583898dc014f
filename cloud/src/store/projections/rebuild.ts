import { AppError } from '@tagtrail/shared/error.js';
import type { Store } from '../prisma.js';
import { foldedKinds, foldTrail } from './fold.js';

/** Entries that are folded at once. */
const chunk = 2000;

/**
 * Empties a customer's projections and folds the whole trail into them again; appending waits
 * meanwhile. The result equals what stood there before.
 * @throws AppError `store.trail_incomplete` when retention has taken entries away: what they said
 * of custody is then known to the projections only.
 */
export async function rebuildProjections(store: Store, tenant: string): Promise<{ readonly entries: number }> {
  return await store.withTenant(
    tenant,
    async (tx) => {
      const head = await tx.$queryRaw<{ next: bigint }[]>`
        select next_index as next from tenant_head where tenant_id = ${tenant}::uuid for update`;
      const count = await tx.$queryRaw<{ there: bigint }[]>`
        select count(*) as there from entry where tenant_id = ${tenant}::uuid`;
      const entries = Number(head[0]?.next ?? 0n);
      if (Number(count[0]?.there ?? 0n) !== entries) {
        throw new AppError(
          'store.trail_incomplete',
          'The projections cannot be rebuilt: retention has removed entries that they rest on.',
          { kind: 'operator' },
        );
      }
      await tx.custody.deleteMany({ where: { tenantId: tenant } });
      await tx.sighting.deleteMany({ where: { tenantId: tenant } });
      await tx.cabinetSession.deleteMany({ where: { tenantId: tenant } });
      await tx.cabinetState.updateMany({ where: { tenantId: tenant }, data: forgotten });
      for (let from = 0; from < entries; from += chunk) {
        await foldTrail(tx, { tenant, from, to: Math.min(entries, from + chunk) - 1 }, foldedKinds);
      }
      return { entries };
    },
    { timeoutMs: 600_000 },
  );
}

/** The columns of a cabinet's state that come from the trail. */
const forgotten = {
  sessionId: null,
  sessionPersonId: null,
  sessionOpenedAt: null,
  lastSessionId: null,
  lastSessionPersonId: null,
  lastSessionClosedAt: null,
  lastSessionTaken: null,
  lastSessionReturned: null,
  countedAt: null,
  presentCount: null,
};
