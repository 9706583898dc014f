import type { ReturnOnly, TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { SessionId } from '@tagtrail/shared/ids.js';
import type { KioskLine } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import type { InventorySnapshot } from '../inventory/presence.js';
import type { CabinetSession, SessionState, Surroundings } from './session-state.js';
import { cannotCount, envelopeOf, newSession } from './session-steps.js';

/**
 * Bringing back when nothing can be counted, or with a badge that has run out. A return is never
 * refused: the person says that they only bring back, the door opens, and what they say they brought
 * stands on the trail as disputed until the reader has seen it. Whatever leaves meanwhile is a
 * forbidden take, or nobody's when more than one person was there.
 */

/** Whether the cabinet can open a door although it cannot count, or may not let anybody take. */
export function mayOffer(state: SessionState): boolean {
  return state.devices.lock === 'ok' && isAtRest(state);
}

/** Nobody is in the middle of anything that the trail waits for. */
export function isAtRest(state: SessionState): boolean {
  const { phase } = state;
  if (phase.kind === 'failed') return phase.why === 'journal';
  return ['idle', 'refused', 'return_offer', 'receipt'].includes(phase.kind);
}

export function returnSession(
  state: SessionState,
  who: { readonly id: SessionId; readonly person: RulebookPerson; readonly why: ReturnOnly },
  around: Surroundings,
): CabinetSession {
  return {
    ...newSession({ id: who.id, actor: who.person.person }, around),
    returnOnly: who.why,
    certainty: cannotCount(state) ? 'window' : 'observed',
    ...(state.owed === null ? {} : { shared: true }),
  };
}

/** What the person says they bring back, as lines that no reader has seen. */
export function declaredReturns(
  session: CabinetSession,
  around: Surroundings,
): { readonly drafts: readonly TraceDraft[]; readonly lines: readonly KioskLine[] } {
  const told = (session.declared ?? []).map((epc) => {
    const item = around.rules.itemOf(epc);
    const takenBy = around.book.items.get(epc)?.takenBy ?? item?.heldBy?.person ?? null;
    return { epc, name: item?.name ?? epc, takenBy, asset: item === undefined ? {} : { asset: item.asset } };
  });
  const evidence = { reads: 0, rounds: 0, antennas: [], bestRssiDbm: null };
  const unseen = { confidencePct: 0, disputed: true, certainty: 'declared' as const, evidence };
  return {
    drafts: told.map(({ epc, name, takenBy, asset }): TraceDraft => {
      return { kind: 'asset.returned', ...envelopeOf(session), ...asset, data: { epc, name, ...unseen, takenBy } };
    }),
    lines: told.map(({ epc, name, takenBy }): KioskLine => {
      const other = takenBy === null || takenBy === session.actor ? undefined : around.rules.personOf(takenBy);
      const said = { movement: 'returned', disputed: true, authority: 'allowed', reason: null } as const;
      return { epc, name, ...said, takenBy: other?.displayName ?? null };
    }),
  };
}

/** Declared returns that the first count afterwards has not seen: they stay disputed for a person to decide. */
export function unseenReturns(
  snapshot: InventorySnapshot,
  around: Surroundings,
): readonly { readonly epc: string; readonly draft: TraceDraft }[] {
  return [...around.book.items].flatMap(([epc, { declared }]) => {
    if (declared === undefined || snapshot.present.has(epc) || snapshot.doubtful.has(epc)) return [];
    const item = around.rules.itemOf(epc);
    const data = { epc, name: item?.name ?? epc, movement: 'returned', outcome: 'stays_disputed' } as const;
    const envelope = { ...declared, ...(item === undefined ? {} : { asset: item.asset }) };
    return [{ epc, draft: { kind: 'dispute.settled', ...envelope, data: { ...data, rounds: snapshot.rounds } } }];
  });
}
