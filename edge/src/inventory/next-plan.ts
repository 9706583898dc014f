import type { SweepPlan } from '../reader/reader.js';
import type { PresenceVerdict } from './presence.js';

/** What the reader at hand can do in this count, and what it has done. */
export interface PlanBasis {
  /** Sweeps for the rest are possible. */
  readonly canRest: boolean;
  /** The most EPCs that it can ask for by name at once; 0 when it cannot. */
  readonly focusLimit: number;
  readonly focusAsked: ReadonlyMap<string, number>;
  readonly current: SweepPlan;
  /** How long a usual sweep takes; null when none was timed. */
  readonly usualSweepMs: number | null;
}

/** What a sweep that asks for a few by name takes on four antennas, with the change from the last one. */
const focusSweepMs = 120;

/** So many tags that have answered before make it unlikely that a sweep which is one hears nobody. */
const witnesses = 2;

/**
 * Whom to ask next. As long as any tag may come, each is asked once; then only those of which it
 * depends, a few by name. Somebody among them has to be likely to answer, since a sweep that hears
 * nobody proves nothing: two that have answered in this count, or else the tag that is surest inside.
 * Where so many are open that this takes longer, everybody.
 */
export function nextPlan(
  { open, heard, surest }: Extract<PresenceVerdict, { kind: 'more' }>,
  basis: PlanBasis,
): SweepPlan {
  if (open === null) return basis.canRest ? { kind: 'rest' } : { kind: 'usual' };
  const suspects = basis.focusLimit - 1;
  if (surest === null || suspects < 1) return { kind: 'usual' };
  const sweeps = Math.ceil(open.length / suspects);
  if (sweeps > 1 && basis.usualSweepMs !== null && sweeps * focusSweepMs > basis.usualSweepMs) return { kind: 'usual' };
  // Whoever is being asked is asked on, since every change costs time; then those that were asked least. Among
  // these the order of `open` holds: whose silence has to be long is asked from the first sweep on.
  const asking = new Set(basis.current.kind === 'only' ? basis.current.epcs : []);
  const rank = (epc: string): number => (asking.has(epc) ? -1 : (basis.focusAsked.get(epc) ?? 0));
  const next = [...open].sort((a, b) => rank(a) - rank(b)).slice(0, basis.focusLimit);
  if (next.filter((epc) => heard.has(epc)).length >= witnesses) return { kind: 'only', epcs: next };
  const few = next.slice(0, suspects);
  return { kind: 'only', epcs: [...few.filter((epc) => epc !== surest), surest] };
}

export function isSamePlan(a: SweepPlan, b: SweepPlan): boolean {
  if (a.kind !== 'only' || b.kind !== 'only') return a.kind === b.kind;
  const asked = new Set(a.epcs);
  return a.epcs.length === b.epcs.length && b.epcs.every((epc) => asked.has(epc));
}
