/** What opening one door by hand says about the wires of its contact. */
export type ContactFinding =
  /** `closedWhen` is the level while the door is closed. */
  | { readonly kind: 'found'; readonly contact: number; readonly closedWhen: boolean }
  /** No level changed: the contact is not connected, or the door was not opened. */
  | { readonly kind: 'unchanged' }
  /** Several levels changed: more than one door was opened, or wires touch. */
  | { readonly kind: 'ambiguous'; readonly contacts: readonly number[] };

/**
 * Boards of one family differ in which level means closed, so commissioning opens a door and looks
 * which bit moves (protocols.md section 5.1). The door is closed in `closed` and open in `open`;
 * both hold one level for each contact.
 */
export function findContact(closed: readonly boolean[], open: readonly boolean[]): ContactFinding {
  const moved = closed.flatMap((level, contact) =>
    open[contact] !== undefined && open[contact] !== level ? [contact] : [],
  );
  const [contact, ...others] = moved;
  if (contact === undefined) return { kind: 'unchanged' };
  if (others.length > 0) return { kind: 'ambiguous', contacts: moved };
  return { kind: 'found', contact, closedWhen: closed[contact] === true };
}
