import { useKiosk } from './kiosk-context.js';
import { HandOverPhase } from './phases/hand-over-phase.js';
import { IdlePhase } from './phases/idle-phase.js';
import { OpenPhase } from './phases/open-phase.js';
import { OutOfOrderPhase } from './phases/out-of-order-phase.js';
import { ReadingPhase } from './phases/reading-phase.js';
import { ReceiptPhase } from './phases/receipt-phase.js';
import { RefusedPhase } from './phases/refused-phase.js';
import { ReturnOfferPhase } from './phases/return-offer-phase.js';
import { UnlockedPhase } from './phases/unlocked-phase.js';
import { WitnessPhase } from './phases/witness-phase.js';

/** One component for each phase of the cabinet; a new phase does not compile without one. */
export function KioskPhaseView() {
  const { state } = useKiosk();
  switch (state.phase) {
    case 'idle':
      return <IdlePhase />;
    case 'refused':
      return <RefusedPhase />;
    case 'unlocked':
      return <UnlockedPhase />;
    case 'open':
      return <OpenPhase />;
    case 'reading':
      return <ReadingPhase />;
    case 'receipt':
      return <ReceiptPhase />;
    case 'witness':
      return <WitnessPhase />;
    case 'hand_over':
      return <HandOverPhase />;
    case 'return_offer':
      return <ReturnOfferPhase />;
    case 'out_of_order':
      return <OutOfOrderPhase />;
    default:
      return state.phase satisfies never;
  }
}
