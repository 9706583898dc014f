import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import type { CabinetSession, SessionState, Step, Surroundings } from './session-state.js';
import { envelopeOf, inPhase, note, record, sessionTimes, step } from './session-steps.js';

interface Second {
  readonly person: RulebookPerson;
  readonly accepted: TraceDraft;
}

/** The session may be opened now, with what both have presented. */
interface Authorise {
  readonly state: SessionState;
  readonly authorise: { readonly session: CabinetSession; readonly drafts: readonly TraceDraft[] };
}

/**
 * A second person shows a badge in somebody's session: stands by as witness, takes over what is
 * handed over, or declares a tool lost beside the first. Null when this is no such moment.
 */
export function secondPerson(state: SessionState, second: Second, around: Surroundings): Step | Authorise | null {
  const { phase } = state;
  switch (phase.kind) {
    case 'witness':
      if (phase.session.actor === second.person.person) return step(state);
      return { state, authorise: standBy(phase.session, second) };
    case 'hand_over':
      return phase.to === null ? takeOver(state, second, around) : null;
    case 'authorising':
    case 'unlocked':
    case 'open':
    case 'settling': {
      if (!mayStandBy(phase.session, second, around)) return null;
      const { session, drafts } = standBy(phase.session, second);
      return step(inPhase(state, { ...phase, session }), ...note(...drafts));
    }
    case 'counting': {
      if (phase.session === null || !mayStandBy(phase.session, second, around)) return null;
      const { session, drafts } = standBy(phase.session, second);
      return step(inPhase(state, { ...phase, session }), ...note(...drafts));
    }
    default:
      return null;
  }
}

/** Only where something asks for a witness: elsewhere a colleague's badge has no part in the session. */
function mayStandBy(session: CabinetSession, { person }: Second, around: Surroundings): boolean {
  if (session.actor === null || session.actor === person.person || session.witness !== undefined) return false;
  return (around.rules.rulebook?.items ?? []).some(({ twoPerson }) => twoPerson === true);
}

function standBy(session: CabinetSession, { person, accepted }: Second): Authorise['authorise'] {
  const actor = person.person;
  const beside = session.actor;
  if (beside === null) return { session, drafts: [] };
  const witnessed = { ...session, witness: actor };
  const confirmed: TraceDraft = { kind: 'witness.confirmed', session: session.id, actor, data: { beside } };
  return { session: witnessed, drafts: [{ ...accepted, session: session.id }, confirmed] };
}

function takeOver(state: SessionState, { person, accepted }: Second, around: Surroundings): Step {
  const { phase } = state;
  if (phase.kind !== 'hand_over' || phase.session.actor === null) return step(state);
  const from = phase.session.actor;
  if (from === person.person) return step(inPhase(state, { ...phase, refused: 'same_person' }));
  if (phase.lost !== undefined) return declareLost(state, { person, accepted }, around);
  const envelope = { ...envelopeOf(phase.session), actor: person.person };
  const drafts = phase.items.map(({ epc, name }): TraceDraft => {
    const asset = around.rules.itemOf(epc)?.asset;
    const data = { epc, name, from };
    return { kind: 'custody.handed_over', ...envelope, ...(asset === undefined ? {} : { asset }), data };
  });
  return step(
    inPhase(state, { ...phase, refused: null, to: person.displayName }),
    ...record('handed_over', 'now', [{ ...accepted, session: phase.session.id }, ...drafts]),
    { kind: 'start_timer', timer: 'hand_over', delayMs: sessionTimes.handedOverMs },
  );
}

/** One person alone cannot end the search for a tool that nobody has: both names stand on the trail. */
function declareLost(state: SessionState, { person, accepted }: Second, around: Surroundings): Step {
  const { phase } = state;
  if (phase.kind !== 'hand_over' || phase.lost === undefined) return step(state);
  const { session, lost } = phase;
  const drafts = phase.items.map(({ epc, name }): TraceDraft => {
    const asset = around.rules.itemOf(epc)?.asset;
    const data = { epc, name, outcome: 'declared_lost' as const, note: lost.note, witness: person.person };
    return { kind: 'search.closed', ...envelopeOf(session), ...(asset === undefined ? {} : { asset }), data };
  });
  return step(
    inPhase(state, { ...phase, refused: null, to: person.displayName }),
    ...record('handed_over', 'now', [{ ...accepted, session: session.id }, ...drafts]),
    { kind: 'start_timer', timer: 'hand_over', delayMs: sessionTimes.handedOverMs },
  );
}
