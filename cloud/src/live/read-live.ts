import { isId, uuidFromId } from '@tagtrail/shared/ids.js';
import type { CabinetView, EntryView, LivePatch, LiveSnapshot } from '@tagtrail/shared/live/protocol.js';
import type { Scope } from '../auth/scope.js';
import { readAllCabinets } from '../cabinets/read-cabinets.js';
import { readEntries } from '../entries/read-entries.js';
import type { TrailPlace } from '../entries/trail-mark.js';
import { readOverview } from '../overview/read-overview.js';
import { sql, type Tx } from '../store/sql.js';
import { skippedBefore, snapshotEntries } from './resume.js';

/** A patch never spans more indexes than this. */
const patchLength = 500;

export interface PatchRange {
  /** The last index that has been sent. */
  readonly sent: number;
  /** The last line to read. */
  readonly end: TrailPlace;
  readonly atMs: number;
}

/** The patches that lead from `sent` (exclusive) to `end`; only the last one knows its mark. */
export async function readPatches(tx: Tx, scope: Scope, at: PatchRange): Promise<LivePatch[]> {
  const { index: head, mark } = at.end;
  const patches: LivePatch[] = [];
  for (let from = at.sent + 1; from <= head; from += patchLength) {
    const to = Math.min(head, from + patchLength - 1);
    const entries = await readEntries(tx, {
      scope,
      atMs: at.atMs,
      anyOf: [sql`e.index >= ${from} and e.index <= ${to}`],
      order: 'oldest first',
      limit: patchLength,
    });
    patches.push({ from, to, mark: to === head ? mark : null, entries });
  }
  return patches;
}

/** Everything a screen starts with, as of `end`; `after` is null for one that knows nothing of this trail. */
export async function readSnapshot(
  tx: Tx,
  scope: Scope,
  at: { readonly after: number | null; readonly end: TrailPlace; readonly atMs: number },
): Promise<LiveSnapshot> {
  const { after, atMs } = at;
  const { index: head, mark } = at.end;
  const newest = await readEntries(tx, {
    scope,
    atMs,
    anyOf: [sql`e.index <= ${head}`],
    order: 'newest first',
    limit: snapshotEntries,
  });
  const entries = newest.reverse();
  return {
    index: head,
    mark,
    continues: after !== null,
    cabinets: await readAllCabinets(tx, scope, atMs),
    overview: await readOverview({ tx, scope, atMs }),
    entries,
    skipped: skippedBefore(entries[0], after, head),
  };
}

/** The cabinets (UUID) whose boards the entries change: where it happened, and where the assets belong. */
export async function cabinetsTouched(tx: Tx, scope: Scope, entries: readonly EntryView[]): Promise<string[]> {
  const touched = new Set<string>();
  const assets = new Set<string>();
  for (const entry of entries) {
    if (entry.cabinet !== null && isId('cabinet', entry.cabinet.id))
      touched.add(uuidFromId('cabinet', entry.cabinet.id));
    if (entry.asset !== null && isId('asset', entry.asset.id)) assets.add(uuidFromId('asset', entry.asset.id));
  }
  if (assets.size > 0) {
    const homes = await tx.$queryRaw<{ id: string }[]>(sql`
      select distinct a.home_cabinet_id::text as id from asset a
      where a.tenant_id = ${scope.tenantId}::uuid and a.id = any(${[...assets]}::uuid[]) and a.home_cabinet_id is not null`);
    for (const { id } of homes) touched.add(id);
  }
  return [...touched];
}

/** When a cabinet that is online now has to be looked at again: it may have gone stale by then. */
export function lastSeenMs(cabinet: CabinetView): number | undefined {
  return cabinet.link === 'online' && cabinet.last_seen_at !== null ? Date.parse(cabinet.last_seen_at) : undefined;
}
