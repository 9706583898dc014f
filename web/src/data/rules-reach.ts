import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';

type Rules = Pick<CabinetView, 'rulebook_version' | 'rulebook_wanted' | 'revoked_at'>;

/** It does not work by its newest rules, as far as it has said; nothing is sent to a revoked one any more. */
export function isBehind(cabinet: Rules): boolean {
  return (cabinet.revoked_at ?? null) === null && (cabinet.rulebook_version ?? 0) < cabinet.rulebook_wanted;
}

export interface RulesReach {
  /** Cabinets that rules are sent to. */
  readonly total: number;
  /** Those that said that they work by their newest. */
  readonly current: number;
}

/** "The newest rules are on 11 of 12 cabinets". */
export function rulesReach(cabinets: readonly Rules[]): RulesReach {
  const served = cabinets.filter(({ revoked_at }) => (revoked_at ?? null) === null);
  return { total: served.length, current: served.filter((cabinet) => !isBehind(cabinet)).length };
}
