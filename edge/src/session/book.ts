import type { TraceEvent, TraceEventOf } from '@tagtrail/shared/events/trace-event.js';
import type { PersonId, SessionId } from '@tagtrail/shared/ids.js';
import type { Belief } from '../inventory/difference.js';

/**
 * What the cabinet believes of its own contents: a fold of its own events and of nothing else, so
 * that it is the same after every restart.
 */
export interface BookItem extends Belief {
  /** Who took it from here; null for nobody known. Only an item that is `out` has one. */
  readonly takenBy: PersonId | null;
  /** When it went out, as the cabinet's clock said. */
  readonly since: string | null;
  readonly session: SessionId | null;
  /** Who said, while nothing could be counted, that they brought it back; until a count has looked. */
  readonly declared?: { readonly session?: SessionId; readonly actor?: PersonId };
}

export interface Book {
  /** A first inventory has settled; before that nothing is known. */
  readonly counted: boolean;
  readonly items: ReadonlyMap<string, BookItem>;
}

export const emptyBook: Book = { counted: false, items: new Map() };

/** How sure it is that a tag is inside that the last inventory was in doubt about. */
const doubtfulPct = 50;
/** The most EPCs that `inventory.settled` lists; a longer list was cut, so silence in it proves nothing. */
const listLimit = 2000;

export function applyToBook(book: Book, event: TraceEvent): Book {
  switch (event.kind) {
    case 'asset.checked_out':
      return withItem(book, event.data.epc, {
        standing: 'out',
        confidencePct: event.data.confidencePct,
        takenBy: event.actor ?? null,
        since: event.at,
        session: event.session ?? null,
      });
    case 'asset.returned':
      return withItem(book, event.data.epc, returnedItem(event));
    case 'inventory.settled':
      return settle(book, event);
    case 'custody.handed_over':
      return withItem(book, event.data.epc, outItem(event, event.actor ?? null));
    case 'asset.disputed':
      // A return that somebody denies changes nothing inside; a taking that somebody denies is on nobody's name.
      return event.data.movement === 'taken' ? withItem(book, event.data.epc, outItem(event, null)) : book;
    case 'dispute.settled':
      return settleDispute(book, event);
    default:
      return book;
  }
}

function settle(book: Book, event: TraceEventOf<'inventory.settled'>): Book {
  const { present, doubtful, missing, trigger } = event.data;
  const items = new Map(book.items);
  // With closed doors nothing comes in: what is heard then is a stray, unless it belongs inside.
  const doorsStayedClosed = book.counted && (trigger === 'watch' || trigger === 'command');
  for (const epc of present) {
    const before = items.get(epc)?.standing;
    if (!doorsStayedClosed || before === 'inside' || before === 'missing') items.set(epc, insideItem(100));
  }
  for (const epc of doubtful) {
    const before = items.get(epc);
    if (before?.standing === 'out') {
      if (!doorsStayedClosed) items.set(epc, { ...before, perhapsBack: true });
    } else if (!book.counted || before !== undefined) items.set(epc, insideItem(doubtfulPct));
  }
  for (const epc of missing) {
    if (items.get(epc)?.standing !== 'out') items.set(epc, { ...insideItem(0), standing: 'missing' });
  }
  if (doorsStayedClosed && doubtful.length < listLimit) clearDoubt(items, new Set([...present, ...doubtful]));
  if (!doorsStayedClosed && present.length < listLimit) forgetUnlisted(items, event);
  return { counted: true, items };
}

/** This count has looked long enough for each that it does not call doubtful: those are out for certain. */
function clearDoubt(items: Map<string, BookItem>, listed: ReadonlySet<string>): void {
  for (const [epc, item] of items) {
    if (item.perhapsBack !== true || listed.has(epc)) continue;
    const { perhapsBack: _, ...certain } = item;
    items.set(epc, certain);
  }
}

/** Tags that are no registered item leave without a line; they are simply not there any more. */
function forgetUnlisted(items: Map<string, BookItem>, event: TraceEventOf<'inventory.settled'>): void {
  const listed = new Set([...event.data.present, ...event.data.doubtful]);
  for (const [epc, item] of items) if (item.standing === 'inside' && !listed.has(epc)) items.delete(epc);
}

function settleDispute(book: Book, event: TraceEventOf<'dispute.settled'>): Book {
  const { epc, movement, outcome } = event.data;
  if (movement === 'taken') return outcome === 'corrected' ? withItem(book, epc, insideItem(100)) : book;
  // It was said to be back, and no count has seen it: out, on nobody's name.
  return book.items.get(epc)?.declared === undefined ? book : withItem(book, epc, outItem(event, null));
}

/** What was only said to be back is not inside before it was seen. */
function returnedItem(event: TraceEventOf<'asset.returned'>): BookItem {
  const { confidencePct, certainty, takenBy } = event.data;
  if (certainty !== 'declared') return insideItem(confidencePct);
  const session = event.session === undefined ? {} : { session: event.session };
  const actor = event.actor === undefined ? {} : { actor: event.actor };
  return { ...outItem(event, takenBy), declared: { ...session, ...actor } };
}

function outItem(event: TraceEvent, takenBy: PersonId | null): BookItem {
  return { standing: 'out', confidencePct: 100, takenBy, since: event.at, session: event.session ?? null };
}

function insideItem(confidencePct: number): BookItem {
  return { standing: 'inside', confidencePct, takenBy: null, since: null, session: null };
}

function withItem(book: Book, epc: string, item: BookItem): Book {
  return { ...book, items: new Map(book.items).set(epc, item) };
}

/** EPCs that are believed to be inside. */
export function insideOf(book: Book): ReadonlySet<string> {
  return new Set([...book.items].filter(([, item]) => item.standing === 'inside').map(([epc]) => epc));
}

/** EPCs that ought to be inside and that nobody has signed for, in order. */
export function missingOf(book: Book): readonly string[] {
  return [...book.items]
    .filter(([, item]) => isUnaccounted(item))
    .map(([epc]) => epc)
    .sort();
}

/** EPCs that are out and of which no count could say whether they had come back, in order. */
export function perhapsBackOf(book: Book): readonly string[] {
  return [...book.items]
    .filter(([, item]) => item.perhapsBack === true)
    .map(([epc]) => epc)
    .sort();
}

export function isUnaccounted(item: BookItem): boolean {
  if (item.declared !== undefined) return false;
  return item.standing === 'missing' || (item.standing === 'out' && item.takenBy === null);
}
