import { AppError } from '@tagtrail/shared/error.js';
import { osdpNak, osdpReply } from '@tagtrail/shared/protocol/osdp/osdp-constants.js';
import { encodeOsdp, type OsdpFrame, type SecurityBlock } from '@tagtrail/shared/protocol/osdp/osdp-frame.js';
import { createOsdpParser } from '@tagtrail/shared/protocol/osdp/osdp-parser.js';
import { type OsdpChannel, openOsdp, sealOsdp } from '@tagtrail/shared/protocol/osdp/osdp-secure-channel.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Line } from '../device-link.js';
import { createStaleWatch } from '../stale-watch.js';
import { nodeAes } from './osdp-aes.js';

/** The panel's end of an OSDP bus with one reader: one command in flight. It dies with its link. */
export interface OsdpBus {
  /**
   * Sends a command until it is answered. Rejects with AppError `reader.unanswered`, `reader.refused`
   * (detail.nak), `reader.restarted` when the reader has lost its sequence or its secure channel, or
   * `serial.link_lost`.
   */
  command(command: OsdpCommand): Promise<OsdpAnswer>;
  /** From now on every command is sealed and every answer must be; null begins anew in the clear. */
  secure(channel: OsdpChannel | null): void;
  end(): void;
}

export interface OsdpCommand {
  readonly id: number;
  readonly data?: Uint8Array;
  /** Of the handshake. */
  readonly security?: SecurityBlock;
}

export type OsdpAnswer = Pick<OsdpFrame, 'id' | 'data' | 'security'>;

export interface OsdpBusOptions {
  readonly link: SerialLink;
  readonly clock: Clock;
  readonly line: Line;
  readonly address: number;
}

/** A reader answers within 200 ms; 43 bytes at 9600 baud take another 45. */
const responseTimeoutMs = 300;
const attempts = 3;
const busyPauseMs = 100;
const busyAtMost = 20;
const staleAfterMs = 60;

interface InFlight {
  readonly bytes: Uint8Array;
  readonly sequence: number;
  sent: number;
  busy: number;
  timer: Timer | undefined;
  resolve(answer: OsdpAnswer): void;
  reject(error: AppError): void;
}

export function createOsdpBus({ link, clock, line, address }: OsdpBusOptions): OsdpBus {
  /** 0 begins anew; the reader then forgets what it knew of us. */
  let nextSequence = 0;
  let channel: OsdpChannel | undefined;
  let inFlight: InFlight | undefined;
  let ended = false;

  function settle(how: (waiting: InFlight) => void): void {
    const waiting = inFlight;
    inFlight = undefined;
    waiting?.timer?.cancel();
    if (waiting !== undefined) how(waiting);
  }

  /** The same bytes again: the reader answers a repeated sequence number with its last answer. */
  function transmit(waiting: InFlight): void {
    waiting.sent++;
    waiting.timer = clock.startTimer('osdp.response', responseTimeoutMs, () => {
      if (waiting.sent >= attempts) settle(() => waiting.reject(unanswered()));
      else transmit(waiting);
    });
    link.write(waiting.bytes).catch(() => settle(() => waiting.reject(linkLost())));
  }

  function wait(waiting: InFlight): void {
    waiting.timer?.cancel();
    if (++waiting.busy > busyAtMost) {
      settle(() => waiting.reject(unanswered()));
      return;
    }
    waiting.sent = 0;
    waiting.timer = clock.startTimer('osdp.busy', busyPauseMs, () => transmit(waiting));
  }

  function take(frame: OsdpFrame, bytes: number): void {
    const waiting = inFlight;
    if (!frame.reply || frame.address !== address || waiting === undefined) {
      line.valid(bytes);
      return;
    }
    if (frame.id === osdpReply.busy && frame.sequence === 0) {
      line.valid(bytes);
      wait(waiting);
      return;
    }
    if (frame.sequence !== waiting.sequence) {
      line.valid(bytes);
      return;
    }
    const answer = channel === undefined ? frame : opened(frame);
    if (answer === null) {
      line.discarded(bytes, 'mac');
      return;
    }
    line.valid(bytes);
    nextSequence = (waiting.sequence % 3) + 1;
    settle(() => deliver(waiting, answer));
  }

  /** A refusal may come unsealed, as the reader may have lost its keys: it can end things, but start none. */
  function opened(frame: OsdpFrame): OsdpAnswer | null {
    if (channel === undefined) return null;
    if (frame.mac === null) return frame.id === osdpReply.nak ? frame : null;
    const result = openOsdp(nodeAes, channel, frame);
    if (result === null) return null;
    channel = result.channel;
    return { ...frame, data: result.data };
  }

  const parser = createOsdpParser({
    onFrame: take,
    onDiscard: (reason, bytes) => line.discarded(bytes, reason),
  });
  const stale = createStaleWatch({ clock, afterMs: staleAfterMs, parser });
  link.onData((chunk) => {
    if (ended) return;
    parser.push(chunk);
    stale.heard();
  });

  function encode({ id, data = new Uint8Array(0), security }: OsdpCommand): Uint8Array {
    const parts = { address, reply: false, sequence: nextSequence, crc: true, id, data };
    if (channel === undefined) return encodeOsdp({ ...parts, security: security ?? null });
    const sealed = sealOsdp(nodeAes, channel, parts);
    channel = sealed.channel;
    return sealed.bytes;
  }

  return {
    command: (command) =>
      new Promise((resolve, reject) => {
        if (ended || inFlight !== undefined) {
          reject(ended ? linkLost() : new AppError('bug.command_in_flight', 'a command is in flight', { kind: 'bug' }));
          return;
        }
        const sequence = nextSequence;
        inFlight = { bytes: encode(command), sequence, sent: 0, busy: 0, timer: undefined, resolve, reject };
        transmit(inFlight);
      }),
    secure: (established) => {
      channel = established ?? undefined;
    },
    end: () => {
      ended = true;
      stale.stop();
      settle((waiting) => waiting.reject(linkLost()));
    },
  };
}

function deliver(waiting: InFlight, answer: OsdpAnswer): void {
  if (answer.id !== osdpReply.nak) {
    waiting.resolve(answer);
    return;
  }
  const nak = answer.data[0] ?? 0;
  const hasForgotten =
    nak === osdpNak.sequence || nak === osdpNak.securityUnsupported || nak === osdpNak.securityNeeded;
  waiting.reject(
    new AppError(
      hasForgotten ? 'reader.restarted' : 'reader.refused',
      hasForgotten
        ? 'The badge reader restarted or does not accept the secure channel of the settings.'
        : 'The badge reader refuses a command.',
      { kind: 'device', detail: { nak } },
    ),
  );
}

function unanswered(): AppError {
  return new AppError('reader.unanswered', 'The badge reader does not answer: check its power, cable and address.', {
    kind: 'device',
  });
}

function linkLost(): AppError {
  return new AppError('serial.link_lost', 'the line to the badge reader is closed', { kind: 'device' });
}
