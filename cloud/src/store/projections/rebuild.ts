import type { Store, Transaction } from '../prisma.js';
import { forgottenState } from './cabinet-state.js';
import { type ProjectionDigest, projectionDigests } from './digests.js';
import { foldedKinds, foldTrail, projectionsVersion } from './fold.js';

/** Entries that are folded at once. */
const chunk = 2000;

export interface RebuildOptions {
  /** Compare only: what stands there stays, whatever comes out. */
  readonly check?: boolean;
  /** Called after each part of the trail with how many entries have been folded. */
  readonly onProgress?: (entries: number) => void;
}

export interface Rebuilt {
  /** Entries that the customer has, which are fewer than were ever appended once retention has run. */
  readonly entries: number;
  /** How each projection stood before and stands after. */
  readonly projections: readonly { readonly before: ProjectionDigest; readonly after: ProjectionDigest }[];
  /** Every projection is byte for byte what it was. */
  readonly equal: boolean;
}

/**
 * Empties a customer's projections and folds what there is of the trail into them again, in one
 * transaction; appending waits meanwhile. The result equals what stood there before, also after
 * retention: it carries on what a current custody rests on. `tenant` is the UUID.
 */
export async function rebuildProjections(store: Store, tenant: string, options: RebuildOptions = {}): Promise<Rebuilt> {
  const compared = new Compared();
  try {
    return await store.withTenant(
      tenant,
      async (tx) => {
        const rebuilt = await rebuildIn(tx, tenant, options);
        if (options.check !== true) return rebuilt;
        compared.rebuilt = rebuilt;
        throw compared;
      },
      { timeoutMs: longestMs },
    );
  } catch (error) {
    if (error === compared && compared.rebuilt !== undefined) return compared.rebuilt;
    throw error;
  }
}

/** Ten million entries take minutes; a rebuild that takes longer than this has met a fault. */
const longestMs = 6 * 3_600_000;

/** Thrown to undo a rebuild that was made to compare. */
class Compared extends Error {
  rebuilt: Rebuilt | undefined;
}

async function rebuildIn(tx: Transaction, tenant: string, { onProgress }: RebuildOptions): Promise<Rebuilt> {
  await tx.$queryRaw`select 1 from tenant_head where tenant_id = ${tenant}::uuid for update`;
  const before = await projectionDigests(tx, tenant);
  await tx.custody.deleteMany({ where: { tenantId: tenant } });
  await tx.sighting.deleteMany({ where: { tenantId: tenant } });
  await tx.cabinetSession.deleteMany({ where: { tenantId: tenant } });
  await tx.incident.deleteMany({ where: { tenantId: tenant } });
  await tx.alarm.deleteMany({ where: { tenantId: tenant } });
  await tx.acknowledgement.deleteMany({ where: { tenantId: tenant } });
  await tx.cabinetState.updateMany({ where: { tenantId: tenant }, data: forgottenState });
  let entries = 0;
  for (let next = 0; ; ) {
    const part = await nextPart(tx, tenant, next);
    if (part === undefined) break;
    await foldTrail(tx, { tenant, from: part.from, to: part.to }, foldedKinds);
    next = part.to + 1;
    entries += part.entries;
    onProgress?.(entries);
  }
  await tx.tenantHead.updateMany({ where: { tenantId: tenant }, data: { projections: projectionsVersion } });
  const after = await projectionDigests(tx, tenant);
  const projections = before.map((digest, place) => ({ before: digest, after: after[place] ?? digest }));
  return { entries, projections, equal: projections.every((one) => one.before.digest === one.after.digest) };
}

/** The next entries from `from` on; undefined at the end. Retention leaves holes of any size. */
async function nextPart(
  tx: Transaction,
  tenant: string,
  from: number,
): Promise<{ readonly from: number; readonly to: number; readonly entries: number } | undefined> {
  const rows = await tx.$queryRaw<{ first: bigint | null; last: bigint | null; entries: bigint }[]>`
    select min(index) as first, max(index) as last, count(*) as entries from (
      select index from entry where tenant_id = ${tenant}::uuid and index >= ${from} order by index limit ${chunk}) e`;
  const part = rows[0];
  if (part === undefined || part.first === null || part.last === null) return undefined;
  return { from: Number(part.first), to: Number(part.last), entries: Number(part.entries) };
}
