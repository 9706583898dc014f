import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import type { Reference } from '@tagtrail/shared/api/common.js';
import { stateTimes } from '@tagtrail/shared/mqtt/messages.js';

export type Link = CabinetView['link'];

/**
 * What may be said of a cabinet's connection at `nowMs` (the server's wall time). A view that was
 * `online` when it was sent ages into `stale` here too: a dead network must not keep it green.
 */
export function linkAt(cabinet: Pick<CabinetView, 'link' | 'last_seen_at'>, nowMs: number): Link {
  if (cabinet.link !== 'online') return cabinet.link;
  if (cabinet.last_seen_at === null) return 'never';
  const seenMs = Date.parse(cabinet.last_seen_at);
  return Number.isNaN(seenMs) || nowMs - seenMs > stateTimes.staleAfterMs ? 'stale' : 'online';
}

/** Cabinets whose figures may be old: not online, or with events still waiting inside. */
export function incompleteCabinets(cabinets: readonly CabinetView[], nowMs: number): CabinetView[] {
  return cabinets.filter((cabinet) => linkAt(cabinet, nowMs) !== 'online' || (cabinet.pending ?? 0) > 0);
}

/** Silent without anybody having meant it: a revoked cabinet is silent on purpose. */
export function isSilent(cabinet: CabinetView, nowMs: number): boolean {
  return (cabinet.revoked_at ?? null) === null && linkAt(cabinet, nowMs) !== 'online';
}

/** The devices that do not work, as far as the cabinet said. Old news while it is silent, but still news. */
export function faultyDevices(cabinet: CabinetView): string[] {
  return Object.entries(cabinet.devices)
    .filter(([, health]) => health !== undefined && health.status !== 'ok' && health.status !== 'starting')
    .map(([device]) => device);
}

export function isFaulty(cabinet: CabinetView): boolean {
  return faultyDevices(cabinet).length > 0 || (cabinet.incidents ?? []).length > 0;
}

/** Joins what the server calls silent with what has aged on this clock since. */
export function silentReferences(
  silent: readonly Reference[],
  cabinets: readonly CabinetView[],
  nowMs: number,
): Reference[] {
  const byId = new Map(silent.map((reference) => [reference.id, reference]));
  for (const cabinet of cabinets) {
    if (linkAt(cabinet, nowMs) !== 'online') byId.set(cabinet.id, { id: cabinet.id, name: cabinet.name });
    else byId.delete(cabinet.id);
  }
  return [...byId.values()];
}

export interface Places {
  readonly filled: number;
  readonly disputed: number;
  readonly missing: number;
  readonly empty: number;
}

/** The places of a cabinet as drawn. The sum is never less than what is assigned. */
export function placesOf(counts: CabinetView['counts']): Places {
  const disputed = Math.max(0, counts.disputed);
  const missing = Math.max(0, counts.missing);
  const filled = Math.max(0, counts.inside);
  const empty = Math.max(0, counts.assigned - filled - disputed - missing);
  return { filled, disputed, missing, empty };
}
