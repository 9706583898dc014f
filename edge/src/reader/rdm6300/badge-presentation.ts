/**
 * When a badge counts as presented. The reader repeats a frame every 65 ms while a badge is held to
 * it, and noise can pass its check value (protocols.md section 4.1), so one frame proves nothing.
 */
export const badgePresentationRules = {
  /** Two identical frames within this time make a badge. */
  confirmWithinMs: 300,
  /** A badge that was not heard for longer than this was taken away. */
  goneAfterMs: 300,
} as const;

interface Heard {
  readonly number: string;
  readonly at: number;
}

export interface BadgePresentation {
  /** A number that was heard once. */
  readonly candidate: Heard | null;
  /** The badge that is held to the reader, when it was heard last. */
  readonly held: Heard | null;
}

export const noBadge: BadgePresentation = { candidate: null, held: null };

export interface BadgeStep {
  readonly state: BadgePresentation;
  /** A badge was presented with this frame; null for all its further frames. */
  readonly presented: string | null;
}

/** Takes one frame. `at` is monotonic milliseconds. */
export function hearBadge(state: BadgePresentation, number: string, at: number): BadgeStep {
  const { confirmWithinMs, goneAfterMs } = badgePresentationRules;
  const { candidate, held } = state;
  if (held !== null && held.number === number && at - held.at <= goneAfterMs) {
    return { state: { ...state, held: { number, at } }, presented: null };
  }
  if (candidate !== null && candidate.number === number && at - candidate.at <= confirmWithinMs) {
    return { state: { candidate: null, held: { number, at } }, presented: number };
  }
  return { state: { ...state, candidate: { number, at } }, presented: null };
}
