import { AppError } from '@tagtrail/shared/error.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';

/** The one request in flight on a line where the host speaks and the device answers. */
export interface ReplyWait<Frame> {
  /**
   * Calls `write`, then hands frames to `take` until it has its result. `take` returns `more` when
   * another frame has to follow (the time starts anew), `foreign` for one that is no answer to this.
   * @throws AppError `reader.unanswered`, `serial.link_lost`, or what `take` throws.
   */
  ask<Result>(question: Question<Frame, Result>): Promise<Result>;
  /** False when nobody waits for such a frame. */
  offer(frame: Frame): boolean;
  /** Ends the request in flight. */
  interrupt(error: AppError): void;
}

export interface Question<Frame, Result> {
  readonly timeoutMs: number;
  write(): Promise<void>;
  take(frame: Frame): Taken<Result>;
}

export type Taken<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'more' }
  | { readonly kind: 'foreign' };

export function createReplyWait<Frame>(clock: Clock): ReplyWait<Frame> {
  let timer: Timer | undefined;
  let inFlight: { offer(frame: Frame): boolean; fail(error: AppError): void } | undefined;

  function finish(): void {
    timer?.cancel();
    timer = undefined;
    inFlight = undefined;
  }

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (inFlight !== undefined) {
          reject(new AppError('bug.command_in_flight', 'a reader command is in flight', { kind: 'bug' }));
          return;
        }
        const fail = (error: AppError): void => {
          finish();
          reject(error);
        };
        const arm = (): void => {
          timer?.cancel();
          timer = clock.startTimer('reader.reply', question.timeoutMs, () => fail(unanswered()));
        };
        const mine = {
          fail,
          offer: (frame: Frame): boolean => {
            const taken = question.take(frame);
            if (taken.kind === 'foreign') return false;
            if (taken.kind === 'more') arm();
            else if (taken.kind === 'failed') fail(taken.error);
            else {
              finish();
              resolve(taken.result);
            }
            return true;
          },
        };
        inFlight = mine;
        arm();
        question.write().catch(() => {
          if (inFlight === mine) fail(linkLost());
        });
      }),
    offer: (frame) => inFlight?.offer(frame) ?? false,
    interrupt: (error) => inFlight?.fail(error),
  };
}

export function unanswered(): AppError {
  return new AppError('reader.unanswered', 'The UHF reader does not answer: check its power and cable.', {
    kind: 'device',
  });
}

export function linkLost(): AppError {
  return new AppError('serial.link_lost', 'the line to the UHF reader is closed', { kind: 'device' });
}
