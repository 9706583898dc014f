import type { KioskMyData } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import type { RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import { holdingOf } from '../session/holding.js';
import type { Surroundings } from '../session/session-state.js';

const sessionsShown = 20;

/** What this cabinet knows of a person: only their own, and all of it. */
export function myDataOf(
  person: RulebookPerson,
  sources: Pick<Surroundings, 'book' | 'memory' | 'rules'>,
): KioskMyData {
  const { memory, rules } = sources;
  const notice = rules.rulebook?.privacyNotice;
  const own = memory.sessions.filter((session) => session.person === person.person);
  return {
    ok: true,
    displayName: person.displayName,
    groups: [...person.groups],
    licences: (person.licences ?? []).map(({ name, validUntil }) => ({ name, validUntil })),
    holding: holdingOf(sources, person).map(({ name, since }) => ({ name, since })),
    sessions: own
      .slice(-sessionsShown)
      .reverse()
      .map(({ openedAt, outcome, taken, returned }) => ({
        openedAt,
        outcome,
        taken: [...taken],
        returned: [...returned],
      })),
    notice:
      notice === undefined
        ? null
        : { version: notice.version, text: notice.text[person.language], contact: notice.contact },
  };
}
