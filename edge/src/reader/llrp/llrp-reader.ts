import { AppError, isAppError } from '@tagtrail/shared/error.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { LlrpConfig } from '../../device-config.js';
import { type Conversation, createDeviceLink, type DriverOptions, type Line } from '../device-link.js';
import type { LinkRules } from '../link-machine.js';
import type { Device, UhfReaderListener } from '../reader.js';
import { type LlrpMessage, recordOf } from './llrp-codec.js';
import { createLlrpPort, type LlrpPort, unanswered } from './llrp-port.js';
import { setUpLlrpReader, startRound } from './llrp-setup.js';
import { readTagReports } from './llrp-tag-report.js';

export type LlrpReaderOptions = DriverOptions<LlrpConfig, UhfReaderListener>;

/** What became of every tag report: `reports = reads + rejected`. */
export interface LlrpCounters {
  readonly reports: number;
  readonly reads: number;
  /** Malformed, from an antenna that is not in the settings, or of a reading that somebody else began. */
  readonly rejected: number;
  readonly rounds: number;
}

export interface LlrpReader extends Device {
  counters(): LlrpCounters;
}

/** The reader greets whoever connects. */
const greetingTimeoutMs = 3000;
const farewellMs = 200;
/** A complaint counts as over when this long no further one came. */
const troubleOverAfterMs = 2000;

/** A network reader that speaks LLRP 1.0.1 over TCP: round after round over its antennas. */
export function createLlrpReader(options: LlrpReaderOptions): LlrpReader {
  const { config, listener } = options;
  const counters = { reports: 0, reads: 0, rejected: 0, rounds: 0 };
  const rules: LinkRules = {
    device: 'UHF reader',
    silentAfterMs: Math.max(3000, config.searchMs + 2000),
    garbledSetupMs: 4000,
  };
  const device = createDeviceLink({
    rules,
    clock: options.clock,
    random: options.random,
    log: options.log,
    // Serial servers have a speed of their own; a network reader has none.
    connect: async (line) => converse({ ...options, counters, line, link: await options.openLink(0) }),
    onReport: (report) => listener.onReport(report),
  });
  return { start: device.start, close: device.close, counters: () => ({ ...counters }) };
}

interface ConverseOptions extends LlrpReaderOptions {
  readonly counters: { reports: number; reads: number; rejected: number; rounds: number };
  readonly line: Line;
  readonly link: Conversation['link'];
}

function converse({ config, clock, listener, counters, line, link }: ConverseOptions): Conversation {
  const greeting = createGreeting(clock);
  let missing: ReadonlySet<number> = new Set();
  let troubledAt: number | undefined;
  let isReading = false;

  function takeReports(data: LlrpMessage['data']): void {
    const { reads, malformed } = readTagReports(data, clock.monotonicMs());
    counters.reports += reads.length + malformed;
    counters.rejected += malformed;
    for (const read of reads) {
      if (!isReading || !config.antennas.includes(read.antenna)) {
        counters.rejected++;
        continue;
      }
      counters.reads++;
      listener.onRead(read);
    }
  }

  function endRound(): void {
    if (!isReading) return;
    startRound(port).catch((error: unknown) => {
      if (isAppError(error, 'reader.unanswered')) line.unanswered();
      else if (isAppError(error, 'reader.refused')) line.restarted(restartedText);
    });
    const [antenna] = missing;
    if (antenna !== undefined) {
      complain(`No antenna is connected to port ${antenna} of the UHF reader: check its cable.`);
      return;
    }
    if (troubledAt !== undefined && clock.monotonicMs() - troubledAt < troubleOverAfterMs) return;
    if (troubledAt !== undefined) line.trouble(null);
    troubledAt = undefined;
    counters.rounds++;
    listener.onRoundEnd();
  }

  function complain(sentence: string): void {
    troubledAt = clock.monotonicMs();
    line.trouble(sentence);
  }

  function takeEvent(event: Readonly<Record<string, unknown>>): void {
    const { ConnectionAttemptEvent, ConnectionCloseEvent, ROSpecEvent, AntennaEvent, ReaderExceptionEvent } = event;
    if (ConnectionAttemptEvent !== undefined) {
      if (isReading) line.restarted(restartedText);
      else greeting.take(String(recordOf(ConnectionAttemptEvent).Status));
    }
    if (ConnectionCloseEvent !== undefined) line.restarted(restartedText);
    if (recordOf(ROSpecEvent).EventType === 'End_Of_ROSpec') endRound();
    if (AntennaEvent !== undefined) takeAntenna(recordOf(AntennaEvent));
    const { Message: message } = recordOf(ReaderExceptionEvent);
    if (ReaderExceptionEvent !== undefined)
      complain(`The UHF reader reports a problem: ${String(message).slice(0, 120)}.`);
  }

  function takeAntenna({ AntennaID: antenna, EventType: kind }: Readonly<Record<string, unknown>>): void {
    if (typeof antenna !== 'number' || !config.antennas.includes(antenna)) return;
    const others = [...missing].filter((one) => one !== antenna);
    missing = new Set(kind === 'Antenna_Disconnected' ? [...others, antenna] : others);
  }

  const port: LlrpPort = createLlrpPort({
    link,
    clock,
    line,
    onEvent: ({ type, data }) => {
      if (type === 'RO_ACCESS_REPORT') takeReports(data);
      if (type === 'READER_EVENT_NOTIFICATION') takeEvent(recordOf(data.ReaderEventNotificationData));
    },
  });

  return {
    link,
    configure: async () => {
      await greeting.received;
      missing = new Set([...(await setUpLlrpReader(port, config)), ...missing]);
      // Before the start is answered: the first reports can share its chunk.
      isReading = true;
      await startRound(port);
    },
    end: async () => {
      isReading = false;
      greeting.end();
      port.end();
      await farewell(port, clock);
    },
  };
}

const restartedText = 'The UHF reader ended the connection or restarted; it is being set up again.';

/** A reader that nobody listens to must not go on transmitting. */
function farewell(port: LlrpPort, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.startTimer('llrp.farewell', farewellMs, resolve);
    void port.say('CLOSE_CONNECTION').then(() => {
      timer.cancel();
      resolve();
    });
  });
}

/** The event with which a reader tells whether it accepts the connection; it serves one client at a time. */
function createGreeting(clock: Clock) {
  let settle: (error?: AppError) => void = () => {};
  const received = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  received.catch(() => {});
  const timer = clock.startTimer('llrp.greeting', greetingTimeoutMs, () => settle(unanswered('connection')));
  return {
    received,
    take: (status: string): void => {
      timer.cancel();
      settle(status === 'Success' ? undefined : refused(status));
    },
    end: (): void => {
      timer.cancel();
      settle(new AppError('serial.link_lost', 'the connection to the UHF reader is closed', { kind: 'device' }));
    },
  };
}

function refused(status: string): AppError {
  return new AppError(
    'reader.refused',
    'The UHF reader refuses the connection: another program is connected to it, or it is not ready.',
    { kind: 'operator', detail: { status } },
  );
}
