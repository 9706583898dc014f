import type { KioskDesk, KioskNotForYou, KioskWarning } from '@tagtrail/shared/kiosk/kiosk-desk.js';
import type { RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import { missingOf } from '../session/book.js';
import { pinLockedForMs, wholeKeypad } from '../session/desk-memory.js';
import { heldBy, signedIn } from '../session/desk-steps.js';
import { holdingOf } from '../session/holding.js';
import { type CabinetSession, currentSession, type SessionState, type Surroundings } from '../session/session-state.js';
import { isDueSoon, mayTake } from '../session/take-authority.js';

export type DeskSources = Pick<Surroundings, 'atMs' | 'wallMs' | 'book' | 'memory' | 'rules'> & {
  readonly state: SessionState;
};

const listLimit = 50;

/** The parts of the screen that go beyond taking and bringing back. */
export function deskView(sources: DeskSources, person: RulebookPerson | null): KioskDesk {
  const { state } = sources;
  const { phase } = state;
  const session = signedIn(state);
  const isIn = person !== null && session !== null;
  return {
    keypad: keypadOf(sources),
    orders: isIn ? ordersOf(session, person, sources) : null,
    witness: witnessOf(sources),
    handOver:
      phase.kind === 'hand_over'
        ? {
            ...(phase.lost === undefined ? {} : { lost: true }),
            ...{ items: phase.items.map(({ epc, name }) => ({ epc, name })), refused: phase.refused, to: phase.to },
          }
        : null,
    dispute: phase.kind === 'receipt' ? (phase.dispute ?? null) : null,
    returnOnly: returnOnlyOf(sources, person),
    notForYou: isIn && session.returnOnly === undefined ? notForYou(session, person, sources) : [],
    warnings: isIn ? warningsOf(session, person, sources) : [],
    kits: phase.kind === 'receipt' ? [...(phase.kits ?? [])] : [],
    searches: searchesOf(person, sources),
    missing: missingOf(sources.book).map((epc) => ({ epc, name: nameOf(epc, sources) })),
    notice: isIn ? noticeOf(person, sources) : null,
    alarm: phase.kind === 'receipt' && phase.lines.some((line) => line.authority === 'forbidden' && !line.disputed),
  };
}

function returnOnlyOf(sources: DeskSources, person: RulebookPerson | null): KioskDesk['returnOnly'] {
  const { state } = sources;
  const { phase } = state;
  if (phase.kind === 'idle') return null;
  const why = phase.kind === 'witness' ? 'witness_missing' : currentSession(state)?.returnOnly;
  if (why === undefined || person === null) return null;
  const items = holdingOf(sources, person).map(({ epc, name }) => ({ epc, name }));
  return { why, items: items.slice(0, listLimit) };
}

function nameOf(epc: string, { rules }: DeskSources): string {
  return rules.itemOf(epc)?.name ?? epc;
}

function keypadOf(sources: DeskSources): KioskDesk['keypad'] {
  const lockedForMs = pinLockedForMs(sources.memory, wholeKeypad, sources);
  return {
    offered: (sources.rules.rulebook?.people ?? []).some((person) => person.pin !== undefined),
    lockedUntil: lockedForMs > 0 ? new Date(sources.wallMs + lockedForMs).toISOString() : null,
  };
}

function ordersOf(session: CabinetSession, person: RulebookPerson, { rules }: DeskSources): KioskDesk['orders'] {
  const open = rules.ordersOf(person.person).map(({ order, number, title }) => ({ order, number, title }));
  const chosen = open.find(({ order }) => order === session.order) ?? null;
  return { open, chosen, decided: session.orderDecided === true };
}

function witnessOf({ state, rules, book }: DeskSources): KioskDesk['witness'] {
  const session = currentSession(state);
  if (state.phase.kind === 'idle' || session?.actor == null) return null;
  const items = (rules.rulebook?.items ?? [])
    .filter(({ epc, twoPerson }) => twoPerson === true && book.items.get(epc)?.standing === 'inside')
    .map(({ name }) => name);
  const toOpen = rules.rulebook?.twoPersonToOpen === true;
  if (!toOpen && items.length === 0) return null;
  const confirmedBy = session.witness === undefined ? null : (rules.personOf(session.witness)?.displayName ?? '');
  return { toOpen, items: items.slice(0, listLimit), confirmedBy };
}

function notForYou(session: CabinetSession, person: RulebookPerson, sources: DeskSources): KioskNotForYou[] {
  const list: KioskNotForYou[] = [];
  for (const item of sources.rules.rulebook?.items ?? []) {
    if (list.length >= listLimit) break;
    if (sources.book.items.get(item.epc)?.standing !== 'inside') continue;
    const verdict = mayTake({ person, item, witnessed: session.witness !== undefined }, sources);
    if (!verdict.allowed) list.push({ epc: item.epc, name: item.name, ...verdict.refusal });
  }
  return list;
}

/** What ends soon or has ended: of what the person holds, and the person's own licences. */
function warningsOf(session: CabinetSession, person: RulebookPerson, sources: DeskSources): KioskWarning[] {
  const warnings: KioskWarning[] = [];
  const isOver = (until: string): boolean => Date.parse(until) <= sources.wallMs;
  for (const { epc, name } of heldBy(session, sources)) {
    const dueAt = sources.rules.itemOf(epc)?.calibrationDueAt ?? null;
    if (dueAt === null) continue;
    if (isOver(dueAt)) warnings.push({ kind: 'calibration_overdue', name, dueAt, held: true });
    else if (isDueSoon(dueAt, sources)) warnings.push({ kind: 'calibration_due', name, dueAt, held: true });
  }
  for (const { name, validUntil } of person.licences ?? []) {
    if (validUntil === null) continue;
    if (isOver(validUntil)) warnings.push({ kind: 'licence_expired', name, dueAt: validUntil, held: false });
    else if (isDueSoon(validUntil, sources)) {
      warnings.push({ kind: 'licence_due', name, dueAt: validUntil, held: false });
    }
  }
  for (const item of sources.rules.rulebook?.items ?? []) {
    const dueAt = item.calibrationDueAt;
    const isInside = sources.book.items.get(item.epc)?.standing === 'inside';
    if (dueAt === null || !isInside || !isDueSoon(dueAt, sources)) continue;
    warnings.push({ kind: 'calibration_due', name: item.name, dueAt, held: false });
  }
  return warnings.slice(0, listLimit);
}

function searchesOf(person: RulebookPerson | null, sources: DeskSources): KioskDesk['searches'] {
  const { memory, rules } = sources;
  return [...memory.searches].slice(0, listLimit).map(([epc, search]) => {
    const mayKnow = person !== null && (person.seesHolders === true || person.person === search.lastHolder);
    const holder = search.lastHolder === null ? undefined : rules.personOf(search.lastHolder);
    return {
      epc,
      name: search.name,
      startedAt: search.startedAt,
      lastHolder: mayKnow ? (holder?.displayName ?? null) : null,
      lastPlace: rules.itemOf(epc)?.place ?? null,
      lastReadAt: search.lastReadAt,
    };
  });
}

function noticeOf(person: RulebookPerson, { rules, memory }: DeskSources): KioskDesk['notice'] {
  const notice = rules.rulebook?.privacyNotice;
  if (notice === undefined) return null;
  return {
    version: notice.version,
    text: notice.text[person.language],
    changes: [...notice.changes[person.language]],
    contact: notice.contact,
    acknowledged: (memory.notices.get(person.person) ?? 0) >= notice.version,
  };
}
