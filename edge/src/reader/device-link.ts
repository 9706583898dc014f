import { errorText, isAppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import { backOffMs } from '../serial/back-off.js';
import type { OpenLinkAt } from '../serial/open-link.js';
import { idleLink, type LinkEffect, type LinkInput, type LinkRules, nextLink, reportOf } from './link-machine.js';
import type { Device, DeviceReport, DeviceStatus } from './reader.js';

/** What every driver is made of. */
export interface DriverOptions<Config, Listener> {
  readonly openLink: OpenLinkAt;
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly listener: Listener;
}

/** What a conversation tells about the line it runs on. */
export interface Line {
  status(): DeviceStatus;
  /** Bytes of a frame that made sense. */
  valid(bytes: number): void;
  /** Bytes that belonged to no frame. */
  discarded(bytes: number, reason: string): void;
  /** The device began anew by itself and has to be configured again. */
  restarted(detail: string): void;
  /** Requests went unanswered too often. */
  unanswered(): void;
  /** A complaint of the running device, or null when it is over. */
  trouble(detail: string | null): void;
  warning(detail: string | null): void;
}

/** One connection to the device, from its opening until it is dropped; never used twice. */
export interface Conversation {
  readonly link: SerialLink;
  /** Sets the device up. Rejects with AppError `reader.unanswered`, `reader.refused` or `serial.link_lost`. */
  configure(): Promise<void>;
  /**
   * The link is gone or about to be closed: timers stop and requests in flight end at once; the
   * link is closed when a last word to the device is out.
   */
  end(): void | Promise<void>;
}

export interface DeviceLinkOptions {
  readonly rules: LinkRules;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /**
   * Opens a new link and finds the device on it. `isWanted` turns false when nobody waits for it
   * any more; what resolves after that is dropped. Rejects as `OpenLink` and `configure` do.
   */
  connect(line: Line, isWanted: () => boolean): Promise<Conversation>;
  onReport(report: DeviceReport): void;
  /** Called when a conversation that was configured ends. */
  onDown?(): void;
}

const tickMs = 500;

/** Runs the link machine: opens, configures, watches and heals one device's link. */
export function createDeviceLink(options: DeviceLinkOptions): Device {
  const { clock, rules } = options;
  const tell = createReporter(options);
  const connection = createConnection(options, { feed, status: () => state.status });
  let state = idleLink;
  let ticking: Timer | undefined;
  let waiting: Timer | undefined;

  function feed(input: LinkInput): void {
    const step = nextLink(state, input, { at: clock.monotonicMs(), rules });
    const before = state.phase;
    state = step.state;
    if (before === 'up' && state.phase !== 'up') options.onDown?.();
    tell(reportOf(state));
    for (const effect of step.effects) act(effect);
  }

  function act(effect: LinkEffect): void {
    switch (effect.kind) {
      case 'open':
        connection.open();
        return;
      case 'configure':
        connection.configure();
        return;
      case 'drop':
        waiting?.cancel();
        connection.drop();
        return;
      case 'back_off': {
        const delayMs = backOffMs(effect.attempt, options.random);
        waiting = clock.startTimer('reader.back-off', delayMs, () => feed({ kind: 'timeout' }));
      }
    }
  }

  return {
    start: () => {
      if (state.phase !== 'idle') return;
      ticking = repeat(clock, 'reader.tick', tickMs, () => feed({ kind: 'tick' }));
      feed({ kind: 'start' });
    },
    close: async () => {
      ticking?.cancel();
      feed({ kind: 'close' });
      await connection.closed();
    },
  };
}

/** Passes on what has changed. */
function createReporter({ log, rules, onReport }: DeviceLinkOptions): (report: DeviceReport) => void {
  let told: DeviceReport = { status: 'starting', detail: null };
  return (report) => {
    if (report.status === told.status && report.detail === told.detail) return;
    told = report;
    const write = report.status === 'ok' ? log.info : log.warn;
    write.call(log, { device: rules.device, ...report }, 'edge.reader.reported');
    onReport(report);
  };
}

/** The conversation that goes on, if any. What belongs to an earlier one is not heard any more. */
interface Connection {
  open(): void;
  configure(): void;
  drop(): void;
  /** Resolves when the link that was dropped last is closed. */
  closed(): Promise<void>;
}

interface ConnectionOwner {
  feed(input: LinkInput): void;
  status(): DeviceStatus;
}

function createConnection(options: DeviceLinkOptions, owner: ConnectionOwner): Connection {
  const { rules, log } = options;
  let round = 0;
  let conversation: Conversation | undefined;
  let closing: Promise<void> = Promise.resolve();

  /** Feeds only as long as the present round lasts. */
  function currentRound() {
    const mine = round;
    const isWanted = (): boolean => mine === round;
    const say = (input: LinkInput): void => {
      if (isWanted()) owner.feed(input);
    };
    return { isWanted, say };
  }

  return {
    open: () => {
      round++;
      const { isWanted, say } = currentRound();
      const line = createLine({ say, status: owner.status, log, rules });
      // A port stays locked until its old link has closed.
      const connected = closing.then(() => options.connect(line, isWanted));
      connected.then(
        (opened) => {
          if (!isWanted()) {
            closing = discard(opened);
            return;
          }
          conversation = opened;
          opened.link.onClose((closed) => {
            if (closed.reason === 'unplugged') say({ kind: 'lost', detail: unpluggedText(rules) });
          });
          say({ kind: 'opened' });
        },
        (error) => say(refusal(error, rules)),
      );
    },
    configure: () => {
      const { say } = currentRound();
      conversation?.configure().then(
        () => say({ kind: 'configured' }),
        (error) => say(refusal(error, rules)),
      );
    },
    drop: () => {
      round++;
      if (conversation === undefined) return;
      closing = discard(conversation);
      conversation = undefined;
    },
    closed: () => closing,
  };
}

interface LineOptions extends Pick<DeviceLinkOptions, 'log' | 'rules'>, Pick<Line, 'status'> {
  readonly say: (input: LinkInput) => void;
}

function createLine({ say, status, log, rules }: LineOptions): Line {
  return {
    status,
    valid: (bytes) => say({ kind: 'valid', bytes }),
    discarded: (bytes, reason) => {
      log.debug({ device: rules.device, bytes, reason }, 'edge.frame.discarded');
      say({ kind: 'discarded', bytes });
    },
    restarted: (detail) => say({ kind: 'restarted', detail }),
    unanswered: () => say({ kind: 'unanswered' }),
    trouble: (detail) => say({ kind: 'trouble', detail }),
    warning: (detail) => say({ kind: 'warning', detail }),
  };
}

async function discard(conversation: Conversation): Promise<void> {
  await conversation.end();
  await conversation.link.close();
}

function refusal(error: unknown, rules: LinkRules): LinkInput {
  const detail = errorText(error);
  if (isAppError(error, 'serial.port_missing')) return { kind: 'refused', why: 'missing', detail: sentence(detail) };
  if (isAppError(error, 'serial.link_lost')) return { kind: 'lost', detail: unpluggedText(rules) };
  if (isAppError(error, 'reader.unanswered')) return { kind: 'refused', why: 'unanswered', detail };
  return { kind: 'refused', why: 'fault', detail: sentence(detail) };
}

function unpluggedText(rules: LinkRules): string {
  return `The ${rules.device} is unplugged: check its cable.`;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return first.endsWith('.') ? first : `${first}.`;
}
