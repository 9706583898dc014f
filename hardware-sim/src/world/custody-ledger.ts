/** Who has what, as the trail says: the last move wins by (effective time, cabinet, log, sequence). */

export interface Move {
  readonly asset: string;
  readonly state: 'in' | 'out';
  /** UUID; null for a move that nobody signed, or that somebody denies. */
  readonly holder: string | null;
  readonly disputed: boolean;
  readonly effectiveAt: string;
  readonly cabinetId: string;
  readonly logId: string;
  readonly seq: number;
}

export interface Custody {
  readonly state: 'in' | 'out';
  readonly holder: string | null;
  readonly since: string;
  readonly disputed: boolean;
}

export interface CustodyLedger {
  take(move: Move): void;
  of(asset: string): Custody | undefined;
  /** Somebody says that it is broken, incomplete or lost: nobody may take it any more. */
  report(asset: string): void;
  isReported(asset: string): boolean;
}

export function createCustodyLedger(): CustodyLedger {
  const newest = new Map<string, Move>();
  const reported = new Set<string>();
  return {
    take: (move) => {
      const known = newest.get(move.asset);
      if (known === undefined || isAfter(move, known)) newest.set(move.asset, move);
    },
    report: (asset) => {
      reported.add(asset);
    },
    isReported: (asset) => reported.has(asset),
    of: (asset) => {
      const move = newest.get(asset);
      if (move === undefined) return undefined;
      const { state, holder, effectiveAt: since, disputed } = move;
      return { state, holder, since, disputed };
    },
  };
}

function isAfter(a: Move, b: Move): boolean {
  if (a.effectiveAt !== b.effectiveAt) return a.effectiveAt > b.effectiveAt;
  if (a.cabinetId !== b.cabinetId) return a.cabinetId > b.cabinetId;
  if (a.logId !== b.logId) return a.logId > b.logId;
  return a.seq > b.seq;
}
