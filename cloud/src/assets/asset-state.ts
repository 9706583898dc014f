import type { AssetState } from '@tagtrail/shared/api/asset.js';

/** All that the state of an asset follows from. Times are wall milliseconds. */
export interface AssetFacts {
  readonly status: 'available' | 'quarantine' | 'retired';
  readonly calibrationDueAtMs: number | null;
  /** Null while no cabinet has said anything about it. */
  readonly custody: {
    readonly state: 'in' | 'out' | 'unknown';
    readonly disputed: boolean;
    readonly sinceMs: number;
    readonly missingSinceMs: number | null;
  } | null;
}

/**
 * The state of an asset at the wall time `atMs`. That it is out comes before everything an office
 * decided about it: a retired or overdue tool that is in somebody's hands still has to come back.
 */
export function assetState(facts: AssetFacts, atMs: number): AssetState {
  const { custody } = facts;
  if (custody?.state === 'out') return custody.disputed ? 'disputed' : 'out';
  if (facts.status === 'retired') return 'retired';
  if (custody?.disputed === true) return 'disputed';
  if (custody !== null && custody.missingSinceMs !== null) return 'missing';
  if (facts.status === 'quarantine') return 'quarantine';
  if (facts.calibrationDueAtMs !== null && facts.calibrationDueAtMs <= atMs) return 'calibration';
  return custody === null || custody.state === 'unknown' ? 'unknown' : 'available';
}

/** Since when that state holds, as far as it is known. */
export function assetStateSinceMs(facts: AssetFacts, atMs: number): number | null {
  const state = assetState(facts, atMs);
  if (state === 'missing') return facts.custody?.missingSinceMs ?? null;
  if (state === 'calibration') return facts.calibrationDueAtMs;
  if (state === 'retired' || state === 'quarantine' || state === 'unknown') return null;
  return facts.custody?.sinceMs ?? null;
}
