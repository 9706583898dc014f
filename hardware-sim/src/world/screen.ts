import type { KioskDeskPort } from '@tagtrail/edge/kiosk/kiosk-routes.js';
import { AppError } from '@tagtrail/shared/error.js';
import { type KioskActionBody, type KioskActionName, kioskActions } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import type { EdgeMachine } from './edge-machine.js';
import type { WorldClock } from './world-clock.js';

export type ScreenAnswer = Awaited<ReturnType<KioskDeskPort[KioskActionName]>>;

/** The touch screen of the cabinet: what the page posts, without the page. */
export interface Screen {
  /**
   * Asks and waits for the answer. A body that the page could not send is refused as the agent's route does.
   * @throws AppError `world.impossible` while the agent does not run or does not answer.
   */
  tap<N extends KioskActionName>(name: N, body: KioskActionBody<N>): Promise<ScreenAnswer>;
  /** The newest answer to a tap. */
  lastAnswer(): ScreenAnswer | undefined;
}

/** What is asked is on the disk by then. */
const answersWithinMs = 5_000;

export function createScreen({ clock, machine }: { clock: WorldClock; machine: EdgeMachine }): Screen {
  let last: ScreenAnswer | undefined;
  return {
    lastAnswer: () => last,
    tap: async (name, body) => {
      const desk = machine.desk();
      if (desk === undefined) throw impossible('the screen is dark: the agent does not run');
      const parsed = kioskActions[name].body.safeParse(body);
      if (!parsed.success) {
        last = { ok: false, code: 'bad_request' };
        return last;
      }
      await clock.advance(0);
      const shown = machine.nextShown();
      let given: ScreenAnswer | undefined;
      const answer = Promise.resolve(desk[name](body)).then((one) => {
        given = one;
      });
      // A PIN is hashed outside the world's time, which stands still until the agent has gone on.
      if (name === 'pin') await Promise.race([shown, answer]);
      await clock.advanceUntil(() => given !== undefined, answersWithinMs);
      if (given === undefined) throw impossible(`the agent did not answer "${name}"`);
      last = given;
      return last;
    },
  };
}

function impossible(sentence: string): AppError {
  return new AppError('world.impossible', sentence, { kind: 'operator' });
}
