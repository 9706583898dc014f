import type { TakeReasonCode } from '@tagtrail/shared/events/take-reason.js';
import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import { mayCheckOut } from '@tagtrail/shared/rules/may-check-out.js';
import type { RulebookItem, RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import type { CabinetSession, Surroundings } from './session-state.js';

export interface Authority {
  readonly authority: 'allowed' | 'forbidden' | 'unsigned';
  readonly reason: TakeReasonCode | null;
  readonly reasonName: string | null;
  readonly reasonSince: string | null;
  /** Set when the calibration ends soon. */
  readonly calibrationDueAt: string | null;
}

const none = { reason: null, reasonName: null, reasonSince: null, calibrationDueAt: null };

/** Whether the person of the session may take the item; says nothing about returns, which nothing limits. */
export function authorityOf(session: CabinetSession | null, epc: string, around: Surroundings): Authority {
  if (session === null || session.actor === null) return { authority: 'unsigned', ...none };
  const { returnOnly } = session;
  if (returnOnly !== undefined) return { authority: 'forbidden', ...none, reason: returnOnly };
  const item = around.rules.itemOf(epc);
  if (item === undefined) return { authority: 'allowed', ...none };
  // A person who left the rulebook while the session ran belongs to no group any more.
  const person: RulebookPerson = around.rules.personOf(session.actor) ?? {
    person: session.actor,
    displayName: '',
    language: 'en',
    status: 'active',
    validUntil: null,
    groups: [],
  };
  const verdict = mayTake({ person, item, witnessed: session.witness !== undefined }, around);
  const calibrationDueAt = isDueSoon(item.calibrationDueAt, around) ? item.calibrationDueAt : null;
  return verdict.allowed
    ? { authority: 'allowed', ...none, calibrationDueAt }
    : { authority: 'forbidden', ...verdict.refusal, calibrationDueAt };
}

/** What the cabinet's rules and memory say to one person and one item, now. */
export function mayTake(
  who: { readonly person: RulebookPerson; readonly item: RulebookItem; readonly witnessed: boolean },
  around: Pick<Surroundings, 'rules' | 'memory' | 'wallMs'>,
) {
  const { rules, memory, wallMs } = around;
  const timeZone = rules.rulebook?.timeZone;
  return mayCheckOut({
    ...who,
    atMs: wallMs,
    grants: rules.grantsOf(who.item.asset),
    ...(timeZone === undefined ? {} : { timeZone }),
    reportedAt: memory.reported.get(who.item.epc)?.at ?? null,
  });
}

const dayMs = 86_400_000;

/** An end that is near, by the days that the rulebook says; what is over is not soon. */
export function isDueSoon(until: string | null, around: Pick<Surroundings, 'rules' | 'wallMs'>): boolean {
  const days = around.rules.rulebook?.calibrationWarnDays;
  if (until === null || days === undefined) return false;
  const leftMs = Date.parse(until) - around.wallMs;
  return leftMs > 0 && leftMs <= days * dayMs;
}

/** The alert beside the line of an item that should not have left. */
export function forbiddenDraft(
  named: { readonly epc: string; readonly name: string },
  { authority, reason, reasonName, reasonSince }: Authority,
  envelope: object,
): readonly TraceDraft[] {
  if (authority !== 'forbidden' || reason === null) return [];
  return [{ kind: 'take.forbidden', ...envelope, data: { ...named, reason, reasonName, reasonSince } }];
}
