import type { SealedLine } from './entry-leaf.js';
import type { CustodyLine } from './export-format.js';

type Word = 'same' | 'differs' | 'unknown';

export interface CustodyVerdict {
  readonly asset: string;
  readonly word: Word;
  readonly detail: string;
}

/** Folds the entries of an export once more and compares the outcome with the custody in it. */
export interface CustodyReplay {
  /** The custody that was exported; before the first entry. */
  expect(line: CustodyLine): void;
  take(line: SealedLine): void;
  /** @param isWhole every entry was there: then nothing can be explained by what is missing. */
  compare(isWhole: boolean): readonly CustodyVerdict[];
}

const moveKinds: ReadonlySet<string> = new Set([
  'asset.checked_out',
  'asset.returned',
  'custody.handed_over',
  'asset.disputed',
  'dispute.settled',
  'custody.carried',
]);

/** The last move wins by (effective time, cabinet, log, sequence); the first sight counts while there is no move. */
interface Key {
  readonly effectiveAt: string;
  readonly cabinet: string | null;
  readonly logId: string | null;
  readonly seq: number | null;
}

interface Outcome extends Key {
  readonly state: string;
  readonly holder: string | null;
  readonly session: string | null;
  readonly disputed: boolean;
  readonly moved: boolean;
  /** The person was taken out of the entry: the holder cannot be compared. */
  readonly isNameless: boolean;
}

export function createCustodyReplay(): CustodyReplay {
  const expected = new Map<string, CustodyLine>();
  const moves = new Map<string, Outcome>();
  const sights = new Map<string, Outcome>();
  const bindings = new Map<string, { readonly asset: string; readonly since: string }>();

  function takeMove(asset: string, line: SealedLine): void {
    const before = moves.get(asset);
    // What retention carries on has the place of its line and comes later: it counts.
    if (before === undefined || compareKeys(line, before) >= 0) moves.set(asset, outcomeOf(line));
  }

  function takeSight(asset: string, line: SealedLine): void {
    const before = sights.get(asset);
    if (before !== undefined && compareKeys(line, before) >= 0) return;
    const { effectiveAt, cabinet, logId, seq } = line;
    const place = { effectiveAt, cabinet, logId, seq, moved: false, isNameless: false };
    sights.set(asset, { ...place, state: 'in', holder: null, session: null, disputed: false });
  }

  function takeBinding(asset: string, { data, recordedAt }: SealedLine): void {
    const { epc, replaces } = data;
    if (typeof replaces === 'string') bindings.delete(replaces);
    if (typeof epc === 'string') bindings.set(epc, { asset, since: recordedAt });
  }

  return {
    expect: (line) => void expected.set(line.asset, line),
    take: (line) => {
      if (line.status !== 'accepted') return;
      if (line.kind === 'inventory.settled' && line.source === 'cabinet') {
        const { present } = line.data;
        for (const epc of Array.isArray(present) ? present : []) {
          const bound = typeof epc === 'string' ? bindings.get(epc) : undefined;
          if (bound !== undefined && bound.since <= line.recordedAt) takeSight(bound.asset, line);
        }
      } else if (line.asset === null) return;
      else if (line.kind === 'tag.bound') takeBinding(line.asset, line);
      else if (moveKinds.has(line.kind)) {
        if (line.data.moved === false) takeSight(line.asset, line);
        else takeMove(line.asset, line);
      }
    },
    compare: (isWhole) => {
      const assets = new Set([...expected.keys(), ...moves.keys(), ...sights.keys()]);
      return [...assets].map((asset) => ({
        asset,
        ...verdict(expected.get(asset), { move: moves.get(asset), sight: sights.get(asset) }, isWhole),
      }));
    },
  };
}

function outcomeOf(line: SealedLine): Outcome {
  const { kind, data, effectiveAt, cabinet, logId, seq, session } = line;
  const isIn = kind === 'asset.returned' || data.movement === 'returned' || data.outcome === 'corrected';
  const namesHolder = kind === 'asset.checked_out' || kind === 'custody.handed_over' || kind === 'custody.carried';
  // What retention carries on names the holder as counterpart: the actor of a line of the cloud is a user.
  const column = kind === 'custody.carried' ? 'counterpart' : 'actor';
  const holder = line[column];
  const isDisputed =
    kind === 'asset.disputed' ||
    (kind === 'dispute.settled' ? data.outcome === 'stays_disputed' : data.disputed === true);
  return {
    effectiveAt,
    cabinet,
    logId,
    seq,
    session,
    moved: true,
    disputed: isDisputed,
    state: kind === 'custody.carried' ? String(data.state) : isIn ? 'in' : 'out',
    holder: namesHolder ? holder : null,
    isNameless: namesHolder && holder === null && line.commitments[column] !== undefined,
  };
}

function verdict(
  row: CustodyLine | undefined,
  { move, sight }: { readonly move: Outcome | undefined; readonly sight: Outcome | undefined },
  isWhole: boolean,
): { readonly word: Word; readonly detail: string } {
  const outcome = move ?? sight;
  if (row === undefined) return { word: 'differs', detail: 'the entries say where it is, the custody does not' };
  const order = outcome === undefined ? undefined : compareKeys(outcome, row);
  if (outcome !== undefined && row.moved === outcome.moved && order === 0) {
    const wrong = differenceOf(row, outcome);
    if (wrong !== undefined) return { word: 'differs', detail: wrong };
    return { word: outcome.isNameless ? 'unknown' : 'same', detail: '' };
  }
  const isContradicted = row.moved ? move !== undefined && compareKeys(move, row) > 0 : isSeenOtherwise(move, order);
  if (isWhole || isContradicted) return { word: 'differs', detail: 'it rests on another entry' };
  return { word: 'unknown', detail: '' };
}

/** A first sight is contradicted by any move and by an earlier sight. */
function isSeenOtherwise(move: Outcome | undefined, order: number | undefined): boolean {
  return move !== undefined || (order !== undefined && order < 0);
}

function differenceOf(row: CustodyLine, outcome: Outcome): string | undefined {
  if (row.state !== outcome.state) return `state: ${row.state} instead of ${outcome.state}`;
  if (!outcome.isNameless && row.holder !== outcome.holder) return 'holder';
  if (row.session !== outcome.session) return 'session';
  if (row.since !== outcome.effectiveAt) return `since: ${row.since} instead of ${outcome.effectiveAt}`;
  if (row.disputed !== outcome.disputed) return 'disputed';
  return undefined;
}

function compareKeys(a: Key, b: Key): number {
  return (
    compareTexts(a.effectiveAt, b.effectiveAt) ||
    compareTexts(a.cabinet ?? '', b.cabinet ?? '') ||
    compareTexts(a.logId ?? '', b.logId ?? '') ||
    (a.seq ?? 0) - (b.seq ?? 0)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
