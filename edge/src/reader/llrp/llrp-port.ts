import { AppError } from '@tagtrail/shared/error.js';
import { createLlrpFramer, type LlrpMessageBytes, llrpType } from '@tagtrail/shared/protocol/llrp/llrp-framer.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Line } from '../device-link.js';
import { decodeLlrp, encodeLlrp, type LlrpMessage, recordOf } from './llrp-codec.js';

/** Requests and events over one connection, one request in flight. It dies with its link. */
export interface LlrpPort {
  /**
   * Resolves with the response, whose status is success. Rejects with AppError `reader.unanswered`,
   * `reader.refused` or `serial.link_lost`.
   */
  request(type: string, data: LlrpMessage['data']): Promise<LlrpMessage>;
  /** Sends what is never answered. Resolves when the bytes are written; never rejects. */
  say(type: string): Promise<void>;
  end(): void;
}

export interface LlrpPortOptions {
  readonly link: SerialLink;
  readonly clock: Clock;
  readonly line: Line;
  /** Reports and events; keep-alives are answered here. */
  onEvent(message: LlrpMessage): void;
}

const responseTimeoutMs = 2000;
/** A message that has begun is here within this time, or its length was wrong. */
const wholeWithinMs = 1000;

interface Waiting {
  readonly id: number;
  readonly type: string;
  readonly timer: Timer;
  resolve(message: LlrpMessage): void;
  reject(error: AppError): void;
}

export function createLlrpPort({ link, clock, line, onEvent }: LlrpPortOptions): LlrpPort {
  let lastId = 0;
  let waiting: Waiting | undefined;
  let ended = false;
  let beganAt: number | undefined;

  function settle(how: (one: Waiting) => void): void {
    const one = waiting;
    waiting = undefined;
    one?.timer.cancel();
    if (one !== undefined) how(one);
  }

  function take({ type, id, bytes }: LlrpMessageBytes): void {
    beganAt = undefined;
    if (ended) return;
    const message = decodeLlrp(bytes);
    if (message === null) {
      line.discarded(bytes.length, 'undecodable');
      return;
    }
    line.valid(bytes.length);
    if (type === llrpType.keepalive) {
      link.write(encodeLlrp({ id, type: 'KEEPALIVE_ACK', data: {} })).catch(() => {});
    } else if (waiting !== undefined && id === waiting.id && isAnswer(message, waiting.type)) {
      settle((one) => answer(one, message));
    } else onEvent(message);
  }

  const framer = createLlrpFramer({
    onMessage: take,
    onDiscard: (reason, bytes) => line.discarded(bytes, reason),
  });
  link.onData((chunk) => {
    if (ended) return;
    const at = clock.monotonicMs();
    if (beganAt !== undefined && at - beganAt > wholeWithinMs) {
      beganAt = undefined;
      framer.flushStale();
    }
    framer.push(chunk);
    if (framer.pendingBytes === 0) beganAt = undefined;
    else beganAt ??= at;
  });

  return {
    request: (type, data) =>
      new Promise((resolve, reject) => {
        if (ended || waiting !== undefined) {
          reject(ended ? linkLost() : new AppError('bug.command_in_flight', 'a request is in flight', { kind: 'bug' }));
          return;
        }
        const id = ++lastId;
        const timer = clock.startTimer('llrp.response', responseTimeoutMs, () =>
          settle((one) => one.reject(unanswered(type))),
        );
        waiting = { id, type, timer, resolve, reject };
        link.write(encodeLlrp({ id, type, data })).catch(() => settle((one) => one.reject(linkLost())));
      }),
    say: (type) => link.write(encodeLlrp({ id: ++lastId, type, data: {} })).catch(() => {}),
    end: () => {
      ended = true;
      settle((one) => one.reject(linkLost()));
    },
  };
}

function isAnswer(message: LlrpMessage, asked: string): boolean {
  return message.type === `${asked}_RESPONSE` || message.type === 'ERROR_MESSAGE';
}

function answer(one: Waiting, message: LlrpMessage): void {
  const { StatusCode: code, ErrorDescription: why } = recordOf(message.data.LLRPStatus);
  if (code === 'M_Success' && message.type !== 'ERROR_MESSAGE') one.resolve(message);
  else {
    one.reject(
      new AppError('reader.refused', `The UHF reader refuses ${one.type}: ${String(why || code)}.`, {
        kind: 'device',
        detail: { type: one.type, code },
      }),
    );
  }
}

export function unanswered(type: string): AppError {
  return new AppError('reader.unanswered', 'The UHF reader does not answer: check its power and network.', {
    kind: 'device',
    detail: { type },
  });
}

function linkLost(): AppError {
  return new AppError('serial.link_lost', 'the connection to the UHF reader is closed', { kind: 'device' });
}
