import type { Evidence } from '@tagtrail/shared/events/trace-event.js';
import type { InventorySnapshot } from './presence.js';

/**
 * What a settled snapshot changes in what was believed before. `inside`: it was here; `missing`:
 * it ought to be here and was already not read before; `out`: somebody has it.
 */
export interface Belief {
  readonly standing: 'inside' | 'missing' | 'out';
  /** How sure that is: a check-out cannot be surer than that it was inside, a return than that it was out. */
  readonly confidencePct: number;
  /** It is out, and a count could not say whether it had come back: who is there when it is read need not have brought it. */
  readonly perhapsBack?: true;
}

export interface Movement {
  readonly epc: string;
  readonly movement: 'taken' | 'returned';
  readonly confidencePct: number;
  readonly disputed: boolean;
  readonly evidence: Evidence;
}

export interface Difference {
  /** Taken, then returned, each by EPC. */
  readonly movements: readonly Movement[];
  /** Tags inside that are no registered item. */
  readonly unknown: readonly { readonly epc: string; readonly evidence: Evidence }[];
  /** Ought to be inside, not read, and not by this difference. */
  readonly missing: readonly string[];
}

export interface DifferenceBasis {
  readonly believed: ReadonlyMap<string, Belief>;
  /** True when the EPC is an item that the rulebook names. */
  isItem(epc: string): boolean;
  /** True when the item belongs here or somebody holds it; what is glimpsed of any other lies next door. */
  mayComeBack(epc: string): boolean;
  readonly disputeBelowPct: number;
}

/**
 * The difference between `before` and a snapshot. An incomplete snapshot differs in nothing. What
 * was missing before is not taken now: whoever opened the door did not have it in front of them.
 */
export function differenceOf(basis: DifferenceBasis, after: InventorySnapshot): Difference {
  const missing = [...basis.believed].filter(([epc, belief]) => belief.standing === 'missing' && !isSeen(after, epc));
  const stillMissing = missing.map(([epc]) => epc).sort();
  if (!after.complete) return { movements: [], unknown: [], missing: stillMissing };
  const movements = [...takenOf(basis, after), ...returnedOf(basis, after)];
  const unknown = [...after.present.values()]
    .filter(({ epc }) => !basis.isItem(epc) && basis.believed.get(epc)?.standing !== 'inside')
    .map(({ epc, evidence }) => ({ epc, evidence }));
  return { movements, unknown, missing: stillMissing };
}

function isSeen(after: InventorySnapshot, epc: string): boolean {
  return after.present.has(epc) || after.doubtful.has(epc);
}

function takenOf(basis: DifferenceBasis, after: InventorySnapshot): readonly Movement[] {
  const taken: Movement[] = [];
  for (const [epc, belief] of basis.believed) {
    const absence = after.absent.get(epc);
    if (belief.standing !== 'inside' || absence === undefined || !basis.isItem(epc)) continue;
    const confidencePct = Math.floor((absence.confidencePct * belief.confidencePct) / 100);
    const disputed = confidencePct < basis.disputeBelowPct;
    taken.push({ epc, movement: 'taken', confidencePct, disputed, evidence: absence.evidence });
  }
  return taken.sort(byEpc);
}

function returnedOf(basis: DifferenceBasis, after: InventorySnapshot): readonly Movement[] {
  const returned: Movement[] = [];
  const expected = (epc: string): boolean => basis.believed.has(epc) || basis.mayComeBack(epc);
  const glimpsed = [...after.doubtful.values()].filter(({ epc }) => expected(epc));
  for (const finding of [...after.present.values(), ...glimpsed]) {
    const { epc, evidence } = finding;
    const belief = basis.believed.get(epc);
    if (belief?.standing === 'inside' || !basis.isItem(epc)) continue;
    const confidencePct = Math.floor((finding.confidencePct * wasOutPct(belief)) / 100);
    const disputed = confidencePct < basis.disputeBelowPct;
    returned.push({ epc, movement: 'returned', confidencePct, disputed, evidence });
  }
  return returned.sort(byEpc);
}

/** A tag that nobody saw leave may have lain behind metal all the time. */
const unseenLeavingPct = 50;

/** What perhaps never left has perhaps not been brought back by this person. */
function wasOutPct(belief: Belief | undefined): number {
  if (belief?.standing === 'missing' || belief?.perhapsBack === true) return unseenLeavingPct;
  return belief?.standing === 'out' ? belief.confidencePct : 100;
}

function byEpc(a: Movement, b: Movement): number {
  return a.epc < b.epc ? -1 : 1;
}
