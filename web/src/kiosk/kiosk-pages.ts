import type { KioskFound } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import type { KioskPhase } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { RowState } from './row.js';

/** A tool that a page is about. */
export interface ToolName {
  readonly epc: string;
  readonly name: string;
}

/** What the person has opened by touch; without one the screen shows the cabinet's phase. */
export type Page =
  | { readonly kind: 'find'; readonly text?: string }
  | { readonly kind: 'found'; readonly tool: KioskFound; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'missing_tool'; readonly tool: ToolName }
  | { readonly kind: 'pin' }
  | { readonly kind: 'orders' }
  | { readonly kind: 'mine' }
  | { readonly kind: 'my_items' }
  | { readonly kind: 'my_sessions' }
  | { readonly kind: 'notice' }
  | { readonly kind: 'report_choice' }
  | { readonly kind: 'report'; readonly tool: ToolName }
  | { readonly kind: 'kit'; readonly kit: string; readonly children: readonly string[]; readonly left: boolean }
  | { readonly kind: 'hand_over_choice' }
  | { readonly kind: 'return_choice' }
  | { readonly kind: 'shift_end' }
  /** What came of a tap. */
  | { readonly kind: 'said'; readonly tone: RowState; readonly title: string; readonly text: string };

/** An untouched page goes away after this time when nobody is signed in. */
export const pageLastsMs = 30_000;

/** Whether a page outlives a change of phase: "my data" waits for the badge that it asks for. */
export function outlives(page: Page, before: KioskPhase, after: KioskPhase): boolean {
  if (before === after) return true;
  return page.kind === 'mine' && (before === 'idle' || before === 'refused') && after === 'unlocked';
}
