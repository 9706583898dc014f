import type { InventoryTrigger, TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { KioskDesk } from '@tagtrail/shared/kiosk/kiosk-desk.js';
import type { KioskLine } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { type Belief, differenceOf, type Movement } from '../inventory/difference.js';
import type { InventorySnapshot } from '../inventory/presence.js';
import { type BookItem, isUnaccounted, perhapsBackOf } from './book.js';
import { kitDraft, kitGaps, withChildren } from './kits.js';
import { unseenReturns } from './return-only.js';
import type { CabinetSession, Surroundings } from './session-state.js';
import { envelopeOf } from './session-steps.js';
import { type Authority, authorityOf, forbiddenDraft } from './take-authority.js';

/**
 * What a complete inventory puts on the trail: unknown tags, one line for each item that moved,
 * and the inventory itself. Only a session takes; without one an absent item is missing, because
 * there is nobody to write it to. A return is always a line, whoever brought it and whatever the rules say.
 */
export interface Settlement {
  readonly drafts: readonly TraceDraft[];
  readonly lines: readonly KioskLine[];
  /** Ought to be inside, not read, signed for by nobody. */
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
  readonly taken: number;
  readonly returned: number;
  readonly disputed: number;
  readonly kits: KioskDesk['kits'];
  /** Out, and nobody can say whether they have come back. */
  readonly perhapsBack: readonly string[];
  /** Something that was searched for is here. */
  readonly found: boolean;
}

export interface SettlementBasis {
  readonly trigger: InventoryTrigger;
  readonly session: CabinetSession | null;
  readonly snapshot: InventorySnapshot;
  readonly around: Surroundings;
  /** Foreign tags that the trail has heard of in this run. */
  readonly reported: ReadonlySet<string>;
}

/** The most EPCs that an event lists. */
const listLimit = 2000;
/** Foreign tags that one inventory reports at most. */
const unknownLimit = 20;

/** What an inventory expects to read: the book, or before the first one what the rulebook places here. */
export function believedBefore(around: Surroundings): ReadonlyMap<string, Belief> {
  if (around.book.counted) return around.book.items;
  const believed = new Map<string, Belief>();
  for (const item of around.rules.rulebook?.items ?? []) {
    if (item.heldBy !== null) believed.set(item.epc, { standing: 'out', confidencePct: 100 });
    else if (item.home) believed.set(item.epc, { standing: 'inside', confidencePct: 100 });
  }
  return believed;
}

export function expectedInside(around: Surroundings): ReadonlySet<string> {
  return new Set([...believedBefore(around)].filter(([, belief]) => belief.standing === 'inside').map(([epc]) => epc));
}

export function settlementOf(basis: SettlementBasis): Settlement {
  const { around, snapshot } = basis;
  const believed = believedBefore(around);
  const isItem = (epc: string): boolean => around.rules.itemOf(epc) !== undefined;
  const mayComeBack = (epc: string): boolean => {
    const item = around.rules.itemOf(epc);
    return item !== undefined && (item.home || item.heldBy !== null);
  };
  const { disputeBelowPct } = around.presence;
  const difference = differenceOf({ believed, isItem, mayComeBack, disputeBelowPct }, snapshot);
  const lines = difference.movements.filter((movement) => isLine(basis, movement));
  const moved = withChildren(lines, snapshot, around).map((movement) => doubtWhose(basis, movement));
  const made = moved.map((movement) => lineOf(basis, movement));
  const unseen = mayReturn(basis) ? unseenReturns(snapshot, around) : [];
  const unsure = difference.movements.filter((movement) => movement.movement === 'taken' && !isLine(basis, movement));
  const still = [...difference.missing, ...unseen.map(({ epc }) => epc)];
  const missing = missingAfter(basis, { moved, unsure, still });
  const unknown = difference.unknown.filter(({ epc }) => !basis.reported.has(epc)).slice(0, unknownLimit);
  const session = basis.session === null ? {} : { session: basis.session.id };
  const gaps = kitGaps(
    made.map(({ line }) => line),
    snapshot,
    around,
  );
  const found = foundDrafts(basis);
  const doubtful = doubtfulAfter(basis, unsure);
  const settled: TraceDraft = {
    kind: 'inventory.settled',
    ...session,
    data: {
      trigger: basis.trigger,
      present: [...snapshot.present.keys()].sort().slice(0, listLimit),
      doubtful: doubtful.slice(0, listLimit),
      missing: missing.slice(0, listLimit),
      rounds: snapshot.rounds,
      reads: snapshot.reads,
      elapsedMs: snapshot.elapsedMs,
    },
  };
  const seen = unknown.map((tag): TraceDraft => ({ kind: 'tag.unknown_seen', ...session, data: { ...tag } }));
  return {
    drafts: [
      ...seen,
      ...made.flatMap(({ drafts }) => drafts),
      ...gaps.map((gap) => kitDraft(gap, basis.session === null ? {} : envelopeOf(basis.session))),
      ...found,
      ...unseen.map(({ draft }) => draft),
      settled,
    ],
    lines: made.map(({ line }) => line),
    missing,
    perhapsBack: doubtful.filter((epc) => {
      const item = around.book.items.get(epc);
      return item?.standing === 'out' && (mayReturn(basis) || item.perhapsBack === true);
    }),
    unknown: unknown.map(({ epc }) => epc),
    taken: moved.filter((movement) => movement.movement === 'taken').length,
    returned: moved.filter((movement) => movement.movement === 'returned').length,
    disputed: moved.filter((movement) => movement.disputed).length,
    kits: gaps.map(({ kit, state, children }) => ({
      kit: kit.name,
      state,
      children: children.map(({ name }) => name),
    })),
    found: found.length > 0,
  };
}

/** A search ends by itself when the item is read inside, whoever brought it. */
function foundDrafts({ around, snapshot, session }: SettlementBasis): readonly TraceDraft[] {
  return [...around.memory.searches]
    .filter(([epc]) => snapshot.present.has(epc))
    .map(([epc, { name }]): TraceDraft => {
      const asset = around.rules.itemOf(epc)?.asset;
      const envelope = { ...(session === null ? {} : envelopeOf(session)), ...(asset === undefined ? {} : { asset }) };
      return { kind: 'search.closed', ...envelope, data: { epc, name, outcome: 'found', note: null } };
    });
}

/** Whether a movement may become a line of the trail. */
function isLine(basis: SettlementBasis, movement: Movement): boolean {
  const { book } = basis.around;
  if (movement.movement === 'taken') return basis.session !== null && basis.session.shared !== true && book.counted;
  // The first inventory finds the stock; what the cloud holds to be with a person is a return even then.
  if (!book.counted) return basis.around.rules.itemOf(movement.epc)?.heldBy != null && !movement.disputed;
  // A watch that reads what perhaps had come back says so on nobody's name, before the next person is asked.
  if (book.items.get(movement.epc)?.perhapsBack === true) return true;
  return basis.session !== null || (basis.trigger === 'start' && !movement.disputed);
}

/** Whether anything can have come back since the last count. */
function mayReturn({ session, trigger }: SettlementBasis): boolean {
  return session !== null || trigger === 'start';
}

function missingAfter(
  basis: SettlementBasis,
  gone: {
    readonly moved: readonly Movement[];
    readonly unsure: readonly Movement[];
    readonly still: readonly string[];
  },
): readonly string[] {
  const { book } = basis.around;
  const missing = new Set(gone.still);
  for (const movement of gone.unsure) if (!movement.disputed) missing.add(movement.epc);
  for (const [epc, item] of book.items) {
    const seen = basis.snapshot.present.has(epc) || basis.snapshot.doubtful.has(epc);
    if (isUnaccounted(item) && !seen) missing.add(epc);
  }
  if (basis.session?.signed === false) {
    for (const movement of gone.moved) if (movement.movement === 'taken') missing.add(movement.epc);
  }
  return [...missing].sort();
}

/**
 * Doubtful are items that were glimpsed, items not read whose silence may be a miss, and, where
 * something can have come back, items that are out and so hard to read that nobody can say.
 */
function doubtfulAfter(basis: SettlementBasis, unsure: readonly Movement[]): readonly string[] {
  const known = (epc: string): boolean =>
    basis.around.rules.itemOf(epc) !== undefined || basis.around.book.items.has(epc);
  const glimpsed = [...basis.snapshot.doubtful.keys()].filter(known);
  const silent = unsure.filter((movement) => movement.disputed).map((movement) => movement.epc);
  const isOut = (epc: string): boolean => basis.around.book.items.get(epc)?.standing === 'out' && known(epc);
  // Through an open door what had perhaps come back can have left again, on another name: only a watch can end that doubt.
  const before = perhapsBackOf(basis.around.book).filter((epc) => !basis.snapshot.present.has(epc));
  const unheard = mayReturn(basis)
    ? [...basis.snapshot.unheard, ...before].filter(isOut)
    : before.filter((epc) => basis.snapshot.unheard.has(epc));
  return [...new Set([...glimpsed, ...silent, ...unheard])].sort();
}

function lineOf(
  basis: SettlementBasis,
  movement: Movement,
): { readonly drafts: readonly TraceDraft[]; readonly line: KioskLine } {
  const { around, session } = basis;
  const item = around.rules.itemOf(movement.epc);
  const name = item?.name ?? movement.epc;
  const { epc, confidencePct, disputed, evidence } = movement;
  const envelope = { ...ownerOf(basis, movement), ...(item === undefined ? {} : { asset: item.asset }) };
  const certainty = session?.certainty ?? 'window';
  const common = { epc, name, confidencePct, disputed, certainty, evidence };
  if (movement.movement === 'taken') {
    const verdict = authorityOf(session, movement.epc, around);
    const { authority } = verdict;
    const why = { reason: verdict.reason, reasonName: verdict.reasonName, reasonSince: verdict.reasonSince };
    const line: TraceDraft = { kind: 'asset.checked_out', ...envelope, data: { ...common, authority, ...why } };
    const alarm = disputed ? [] : forbiddenDraft({ epc, name }, verdict, envelope);
    return {
      drafts: [line, ...alarm],
      line: { epc, name, movement: 'taken', disputed, authority, ...why, takenBy: null, ...dueSoon(verdict) },
    };
  }
  const takenBy = around.book.items.get(epc)?.takenBy ?? item?.heldBy?.person ?? null;
  const other = takenBy !== null && takenBy !== session?.actor ? around.rules.personOf(takenBy) : undefined;
  return {
    drafts: [{ kind: 'asset.returned', ...envelope, data: { ...common, takenBy } }],
    line: {
      epc,
      name,
      movement: 'returned',
      disputed,
      authority: session?.signed === false ? 'unsigned' : 'allowed',
      reason: null,
      takenBy: other?.displayName ?? null,
    },
  };
}

/**
 * While the agent was away somebody else can have been there, through a door that stood open or was
 * forced. The name of the session stays on the line, and a person decides whether it is the right one.
 */
function doubtWhose(basis: SettlementBasis, movement: Movement): Movement {
  const { session } = basis;
  if (session?.unwatched !== true || declaredBy(basis, movement) !== undefined) return movement;
  return ownerOf(basis, movement).actor === undefined ? movement : { ...movement, disputed: true };
}

/** Whose line it is: of who said so, else of the session, else of nobody. */
function ownerOf(basis: SettlementBasis, movement: Movement): Pick<TraceDraft, 'actor' | 'session' | 'order'> {
  const declared = declaredBy(basis, movement);
  if (declared !== undefined) return declared;
  const { session } = basis;
  return session === null || session.shared === true ? {} : envelopeOf(session);
}

function declaredBy({ around }: SettlementBasis, { epc, movement }: Movement): BookItem['declared'] {
  return movement === 'returned' ? around.book.items.get(epc)?.declared : undefined;
}

function dueSoon({ calibrationDueAt }: Authority): { readonly calibrationDueAt?: string } {
  return calibrationDueAt === null ? {} : { calibrationDueAt };
}
