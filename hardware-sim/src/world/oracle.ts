/**
 * What really happened in front of the cabinet, written down by the world itself. It is separate from
 * everything that the product concludes: checkers hold the two against each other.
 */
export interface Oracle {
  /** The agent does not run, or can record nothing: what happens with the door open is remembered by nobody. */
  agentIsAway(atMs: number): void;
  /** A door swings open. `person` is whose badge the lock answered; null when it was forced. */
  visitBegins(person: string | null, atMs: number): void;
  /** The last door is shut. */
  visitEnds(atMs: number): void;
  move(epc: string, kind: 'take' | 'return', atMs: number): void;
  /** Metal was laid on a tool: no antenna can tell it from one that is gone. */
  cover(epc: string): void;
  readonly visits: readonly Visit[];
  /** EPCs that lay under metal at some time. */
  readonly covered: ReadonlySet<string>;
}

export interface Visit {
  /** Name in the cast; null for somebody who signed with no badge. */
  readonly person: string | null;
  readonly fromMs: number;
  toMs: number | null;
  /** The agent did not run, or could record nothing, at some moment before it can have counted. */
  blind: boolean;
  readonly moves: OracleMove[];
}

export interface OracleMove {
  readonly epc: string;
  readonly kind: 'take' | 'return';
  readonly atMs: number;
}

/** One net change of one tool in one visit: what a truthful trail says about it. */
export interface NetMove extends OracleMove {
  readonly person: string | null;
  readonly blind: boolean;
}

/** By then the agent has counted after a visit, and what it found is on its disk. */
const countsWithinMs = 6_000;

export function createOracle(): Oracle {
  const visits: Visit[] = [];
  const covered = new Set<string>();
  let current: Visit | undefined;
  return {
    visits,
    covered,
    cover: (epc) => {
      covered.add(epc);
    },
    visitBegins: (person, atMs) => {
      if (current !== undefined) return;
      current = { person, fromMs: atMs, toMs: null, blind: false, moves: [] };
      visits.push(current);
    },
    visitEnds: (atMs) => {
      if (current !== undefined) current.toMs = atMs;
      current = undefined;
    },
    move: (epc, kind, atMs) => current?.moves.push({ epc, kind, atMs }),
    agentIsAway: (atMs) => {
      const last = visits.at(-1);
      if (last !== undefined && (last.toMs === null || atMs - last.toMs < countsWithinMs)) last.blind = true;
    },
  };
}

/** The net changes, in the order in which their visits ended. A tool that went out and came back has not moved. */
export function netMoves(visits: readonly Visit[]): readonly NetMove[] {
  return visits.flatMap((visit) => {
    const last = new Map<string, OracleMove[]>();
    for (const move of visit.moves) last.set(move.epc, [...(last.get(move.epc) ?? []), move]);
    return [...last.values()]
      .filter((moves) => moves.length % 2 === 1)
      .map((moves) => ({ ...(moves.at(-1) as OracleMove), person: visit.person, blind: visit.blind }));
  });
}
