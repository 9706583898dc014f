import type { DoorState } from '@tagtrail/shared/mqtt/messages.js';

/** What is known of one door contact: what was told, and the level that the last poll saw. */
export interface ContactState {
  readonly told: DoorState;
  readonly seen: DoorState;
}

export const unknownContact: ContactState = { told: 'unknown', seen: 'unknown' };

/** Takes one poll. A level counts once two polls in a row agree on it: contacts bounce. */
export function pollContact(state: ContactState, level: 'open' | 'closed'): ContactState {
  return { seen: level, told: state.seen === level ? level : state.told };
}
