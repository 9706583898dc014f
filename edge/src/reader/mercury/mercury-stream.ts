import { decodeStreamReply } from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import type { MercuryReply } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { temperatureOf } from '@tagtrail/shared/protocol/mercury/mercury-statistics.js';
import { status, statusSentence } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import type { MercuryTagRecord } from '@tagtrail/shared/protocol/mercury/mercury-tag-record.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { MercuryConfig } from '../../device-config.js';
import type { Line } from '../device-link.js';
import type { UhfReaderListener } from '../reader.js';

/** A complaint counts as over when this long no further one came. */
const troubleOverAfterMs = 2000;
/** Statuses after which the module has forgotten its settings or stopped. */
const needsSetUp: ReadonlySet<number> = new Set([
  status.transmitterNotSetUp,
  status.noProtocol,
  status.systemUnknown,
  status.assertFailed,
]);

/** Statuses after which only a restart helps. */
const crashed: ReadonlySet<number> = new Set([status.systemUnknown, status.assertFailed]);

export interface StreamOptions {
  readonly config: MercuryConfig;
  readonly clock: Clock;
  readonly listener: UhfReaderListener;
  readonly line: Line;
  readonly counters: { reads: number; rounds: number };
  /** The firmware stopped on a fault of its own and needs a restart. */
  onCrash(): void;
  onTemperature(celsius: number): void;
}

export interface Stream {
  /** From now on reports belong to the reading that we start. */
  open(): void;
  shut(): void;
  /** False when the frame made no sense. */
  take(frame: MercuryReply): boolean;
}

/** Turns what the module sends while it reads into reads, sweeps and complaints. */
export function createStream(options: StreamOptions): Stream {
  const { config, clock, line, listener, counters } = options;
  const antennas = new Set(config.antennas);
  let isOpen = false;
  let troubledAt: number | null = null;

  function takeTag(tag: MercuryTagRecord): boolean {
    const { txPort, rssiDbm } = tag;
    if (!tag.epcCrcValid || tag.epc === '' || txPort === null || rssiDbm === null || !antennas.has(txPort))
      return false;
    counters.reads++;
    listener.onRead({
      epc: tag.epc,
      antenna: txPort,
      rssiDbm,
      count: Math.max(1, tag.readCount ?? 1),
      atMs: clock.monotonicMs(),
    });
    return true;
  }

  function endRound(): void {
    if (troubledAt !== null) {
      if (clock.monotonicMs() - troubledAt < troubleOverAfterMs) return;
      troubledAt = null;
      line.trouble(null);
    }
    counters.rounds++;
    listener.onRoundEnd();
  }

  function takeProblem(code: number): void {
    if (crashed.has(code)) options.onCrash();
    if (needsSetUp.has(code)) {
      line.restarted(`${statusSentence(code)} It is being set up again.`);
      return;
    }
    troubledAt = clock.monotonicMs();
    line.trouble(statusSentence(code));
  }

  return {
    open: () => {
      isOpen = true;
    },
    shut: () => {
      isOpen = false;
    },
    take: (frame) => {
      const report = decodeStreamReply(frame);
      if (report.kind === 'malformed') return false;
      // Left over from a reading that somebody else started.
      if (!isOpen) return true;
      if (report.kind === 'tag') return takeTag(report.tag);
      if (report.kind === 'round-end') endRound();
      if (report.kind === 'problem') takeProblem(report.status);
      if (report.kind === 'status' && report.report.temperatureC !== null) {
        options.onTemperature(report.report.temperatureC);
      }
      if (report.kind === 'statistics') {
        const celsius = temperatureOf(report.statistics);
        if (celsius !== null) options.onTemperature(celsius);
      }
      return true;
    },
  };
}
