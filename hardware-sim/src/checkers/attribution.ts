import type { NetMove } from '../world/oracle.js';
import { type Checker, type CustodyLine, custodyLines, type RunRecord } from './run-record.js';

/**
 * Every line that is not disputed is one that really happened, by whom it names. A line is held
 * against the moves of its tool in their order; moves that no line tells of are passed over here
 * (conservation counts them), so that one that was missed does not condemn those after it. A visit
 * in which the agent was away may lack a name, and so may a line of no session that says itself that nobody
 * watched: one count found what two visits did. An undisputed line never has a wrong name.
 *
 * That its person denies a wrong line on the receipt does not make it right: it was booked undisputed.
 * Only metal on a tool excuses it, because to every antenna the tool was gone; then the receipt is where
 * the product can learn it, and the denial, which stands on the trail beside the line, is the dispute.
 */
export const attribution: Checker = {
  id: 'I4',
  sentence: 'no wrong custody line: what is not disputed happened, and by whom it says',
  check: (run) => {
    const left = new Map<string, readonly NetMove[]>();
    for (const move of run.moves) left.set(move.epc, [...(left.get(move.epc) ?? []), move]);
    return custodyLines(run).flatMap((line) => {
      const moves = left.get(line.epc) ?? [];
      const at = moves.findIndex((move) => move.kind === line.kind && isBy(run, move, line));
      if (at >= 0) {
        left.set(line.epc, moves.slice(at + 1));
        return [];
      }
      if (line.disputed || (line.denied && run.covered.has(line.epc))) return [];
      return [
        `${line.seq}: ${line.kind} of ${nameOf(run, line.epc)} by ${who(run, line.actor)}: no such thing happened`,
      ];
    });
  },
};

function isBy(run: RunRecord, move: NetMove, { actor, isUnwatched }: CustodyLine): boolean {
  const person = move.person === null ? undefined : run.people.get(move.person);
  return person === actor || ((move.blind || isUnwatched) && actor === undefined);
}

function nameOf(run: RunRecord, epc: string): string {
  return run.tools.find((tool) => tool.epc === epc)?.name ?? epc;
}

function who(run: RunRecord, actor: string | undefined): string {
  return [...run.people].find(([, id]) => id === actor)?.[0] ?? 'nobody';
}
