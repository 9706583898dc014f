import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';

type Fact =
  | { readonly kind: 'phase'; readonly phase: string; readonly person: string | null }
  | {
      readonly kind: 'line';
      readonly movement: 'taken' | 'returned';
      readonly name: string;
      readonly disputed: boolean;
      readonly person: string | null;
    }
  | { readonly kind: 'nothing'; readonly person: string | null };

/** What the agent concluded, as a line of the log beside the raw reads. */
export type Conclusion = Fact & { readonly id: number; readonly at: string };

const mostLines = 60;

/** The log after a new state of the agent, newest first, bounded. The same state again adds nothing. */
export function addConclusions(
  log: readonly Conclusion[],
  before: KioskState | null,
  after: KioskState,
): readonly Conclusion[] {
  const person = after.person?.displayName ?? null;
  const fresh: Fact[] = [];
  if (before?.phase !== after.phase) {
    if (after.phase === 'receipt' && after.lines.length === 0) fresh.push({ kind: 'nothing', person });
    else if (after.phase !== 'receipt') fresh.push({ kind: 'phase', phase: after.phase, person });
  }
  const known = before?.phase === 'receipt' ? new Set(before.lines.map(keyOf)) : new Set<string>();
  if (after.phase === 'receipt') {
    for (const line of after.lines) {
      if (known.has(keyOf(line))) continue;
      const { movement, name, disputed } = line;
      fresh.push({ kind: 'line', movement, name, disputed, person });
    }
  }
  if (fresh.length === 0) return log;
  const from = (log[0]?.id ?? 0) + 1;
  const lines = fresh.map((one, index) => ({ ...one, id: from + index, at: after.now }));
  return [...lines.reverse(), ...log].slice(0, mostLines);
}

function keyOf(line: { epc: string; movement: string; disputed: boolean }): string {
  return `${line.epc} ${line.movement} ${line.disputed}`;
}
