import type { KioskAnswer } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { signedIn } from '../session/desk-steps.js';
import type { SessionRunner } from '../session/session-runner.js';
import type { Surroundings } from '../session/session-state.js';
import { findItems } from './find.js';
import type { KioskDeskPort } from './kiosk-routes.js';
import { myDataOf } from './my-data.js';

const notSignedIn: KioskAnswer = { ok: false, code: 'not_signed_in' };

/** Joins the screen's actions to the session; questions are answered from what the cabinet knows. */
export function createKioskDesk(
  session: Pick<SessionRunner, 'act' | 'onPin' | 'state'>,
  around: () => Pick<Surroundings, 'book' | 'memory' | 'rules' | 'wallMs'>,
): KioskDeskPort {
  const person = () => {
    const actor = signedIn(session.state)?.actor;
    return actor == null ? null : (around().rules.personOf(actor) ?? null);
  };
  return {
    pin: ({ number, pin }) => session.onPin(number, pin),
    order: (body) => session.act({ name: 'order', ...body }),
    dispute: (body) => session.act({ name: 'dispute', ...body }),
    report: (body) => session.act({ name: 'report', ...body }),
    handOver: (body) => session.act({ name: 'hand_over', ...body }),
    shiftEnd: (body) => session.act({ name: 'shift_end', ...body }),
    search: (body) => session.act({ name: 'search', ...body }),
    notice: (body) => session.act({ name: 'notice', ...body }),
    returnOnly: (body) => session.act({ name: 'return_only', ...body }),
    find: ({ text }) => ({ ok: true, items: findItems(text, person(), around()) }),
    myData: () => {
      const own = person();
      return own === null ? notSignedIn : myDataOf(own, around());
    },
  };
}
