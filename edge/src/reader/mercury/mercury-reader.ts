import {
  decodeStreamReply,
  stopContinuousRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import { encodeRequest, type MercuryReply } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { versionText } from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import { status, statusSentence } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import type { MercuryTagRecord } from '@tagtrail/shared/protocol/mercury/mercury-tag-record.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { MercuryConfig } from '../../device-config.js';
import { type Conversation, createDeviceLink, type DriverOptions, type Line } from '../device-link.js';
import type { LinkRules } from '../link-machine.js';
import type { Device, UhfReaderListener } from '../reader.js';
import { type MercuryCounters, zeroCounters } from './mercury-counters.js';
import { createMercuryPort } from './mercury-port.js';
import { findReader, probeOrder } from './mercury-probe.js';
import { setUpReader } from './mercury-set-up.js';

export type MercuryReaderOptions = DriverOptions<MercuryConfig, UhfReaderListener>;

export interface MercuryReader extends Device {
  counters(): MercuryCounters;
}

/** A complaint counts as over when this long no further one came. */
const troubleOverAfterMs = 2000;
/** How long a closing driver waits until its stop command is written. */
const stopWriteMs = 200;

/** Statuses after which the module has forgotten its settings or stopped. */
const needsSetUp: ReadonlySet<number> = new Set([
  status.transmitterNotSetUp,
  status.noProtocol,
  status.systemUnknown,
  status.assertFailed,
]);

/** A ThingMagic / JADAK Mercury reader (M6e family) that reads continuously over its antennas. */
export function createMercuryReader(options: MercuryReaderOptions): MercuryReader {
  const { config, clock, listener, log } = options;
  const counters = zeroCounters();
  const sensedOnce = new Set<number>();
  let lastBaudRate: number | undefined;

  const rules: LinkRules = {
    device: 'UHF reader',
    silentAfterMs: Math.max(3000, config.searchMs + 2000),
    garbledSetupMs: 4000,
  };

  async function connect(line: Line, isWanted: () => boolean): Promise<Conversation> {
    const stream = createStream({ config, clock, line, listener, counters });
    const found = await findReader({
      openLink: options.openLink,
      baudRates: probeOrder(config.baudRate, lastBaudRate),
      isWanted,
      createPort: (link) => createMercuryPort({ link, clock, line, counters, onReport: stream.take }),
    });
    lastBaudRate = found.baudRate;
    return {
      link: found.link,
      configure: async () => {
        if (found.version !== null) {
          const { hardware, firmware } = found.version;
          log.info(
            { hardware: versionText(hardware), firmware: versionText(firmware), baudRate: found.baudRate },
            'edge.reader.found',
          );
        }
        // Open before the start is acknowledged: the first reports can share its chunk.
        stream.open();
        const warnings = [
          ...speedWarning(found.baudRate, config),
          ...(await setUpReader({ port: found.port, config, log, sensedOnce })),
        ];
        line.warning(warnings.length === 0 ? null : warnings.join(' '));
      },
      end: async () => {
        stream.shut();
        found.port.end();
        await stopReading(found.link, clock);
      },
    };
  }

  const device = createDeviceLink({
    rules,
    clock,
    random: options.random,
    log,
    connect,
    onReport: (report) => listener.onReport(report),
  });
  return { start: device.start, close: device.close, counters: () => ({ ...counters }) };
}

function speedWarning(baudRate: number, config: MercuryConfig): readonly string[] {
  if (baudRate === config.baudRate) return [];
  return [`The UHF reader runs at ${baudRate} bits per second, the settings say ${config.baudRate}.`];
}

interface StreamOptions extends Pick<MercuryReaderOptions, 'config' | 'clock' | 'listener'> {
  readonly line: Line;
  readonly counters: { reads: number; rounds: number };
}

interface Stream {
  /** From now on reports belong to the reading that we start. */
  open(): void;
  shut(): void;
  /** False when the frame made no sense. */
  take(frame: MercuryReply): boolean;
}

function createStream({ config, clock, line, listener, counters }: StreamOptions): Stream {
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
      return true;
    },
  };
}

/** A reader that nobody listens to must not go on transmitting. */
function stopReading(link: SerialLink, clock: Clock): Promise<void> {
  const { op, data } = stopContinuousRequest();
  return new Promise((resolve) => {
    const timer = clock.startTimer('mercury.stop', stopWriteMs, resolve);
    const written = (): void => {
      timer.cancel();
      resolve();
    };
    link.write(encodeRequest(op, data)).then(written, written);
  });
}
