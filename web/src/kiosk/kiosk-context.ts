import { AppError } from '@tagtrail/shared/error.js';
import type { KioskDesk as KioskDeskState } from '@tagtrail/shared/kiosk/kiosk-desk.js';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { createContext, useContext } from 'react';
import type { Asked, KioskDesk } from './kiosk-client.js';
import type { Page } from './kiosk-pages.js';

/** What every part of the screen may look at and ask for. */
export interface Kiosk {
  readonly state: KioskState;
  /** What the cabinet offers besides taking and returning; an agent that offers nothing sends nothing. */
  readonly desk: KioskDeskState;
  /** The cabinet's wall time now. */
  readonly nowMs: number;
  /** How long the present phase has lasted. */
  readonly phaseMs: number;
  /** When the screen goes back by itself: the cabinet's time, or that of an untouched page. */
  readonly leavesAt: string | null;
  readonly client: KioskDesk;
  open(page: Page): void;
  close(): void;
  /** Shows why nothing came of a tap; true when all went well. */
  heed(answer: Asked<unknown>): boolean;
}

const context = createContext<Kiosk | null>(null);
export const KioskProvider = context.Provider;

export function useKiosk(): Kiosk {
  const kiosk = useContext(context);
  if (kiosk === null)
    throw new AppError('kiosk.no_screen', 'this part stands outside the kiosk screen', { kind: 'bug' });
  return kiosk;
}

/** The desk of an agent that has none. */
export function noDesk(): KioskDeskState {
  return {
    keypad: { offered: false, lockedUntil: null },
    orders: null,
    witness: null,
    handOver: null,
    dispute: null,
    notForYou: [],
    warnings: [],
    kits: [],
    searches: [],
    missing: [],
    notice: null,
    returnOnly: null,
    alarm: false,
  };
}
