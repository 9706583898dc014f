import { type ReactNode, useRef } from 'react';

/** Whole seconds until `at`, and how much of the wait is left; null when the screen does not leave by itself. */
export function secondsUntil(at: string | null, nowMs: number): number | null {
  return at === null ? null : Math.max(0, Math.ceil((Date.parse(at) - nowMs) / 1000));
}

/** The row of buttons, with a bar that runs out until the screen signs out by itself. */
export function Actions(props: {
  readonly leavesAt: string | null;
  readonly nowMs: number;
  readonly children: ReactNode;
}) {
  const whole = useRef({ leavesAt: props.leavesAt, ms: 0 });
  const leftMs = props.leavesAt === null ? 0 : Math.max(0, Date.parse(props.leavesAt) - props.nowMs);
  if (whole.current.leavesAt !== props.leavesAt || whole.current.ms === 0) {
    whole.current = { leavesAt: props.leavesAt, ms: leftMs };
  }
  // A corrected clock may put back what has passed.
  const share = whole.current.ms === 0 ? 0 : Math.min(1, leftMs / whole.current.ms);
  return (
    <div className="tk-actions">
      {props.leavesAt !== null && (
        <div className="tk-left" aria-hidden>
          <i style={{ width: `${(100 * share).toFixed(1)}%` }} />
        </div>
      )}
      {props.children}
    </div>
  );
}
