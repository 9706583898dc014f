import { isAppError } from '@tagtrail/shared/error.js';
import { type InventoryReport, stopMultiInventoryRequest } from '@tagtrail/shared/protocol/m100/m100-commands.js';
import { errorSentence } from '@tagtrail/shared/protocol/m100/m100-constants.js';
import { encodeRequest } from '@tagtrail/shared/protocol/m100/m100-frame.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { M100Config } from '../../device-config.js';
import { type Conversation, createDeviceLink, type DriverOptions, type Line } from '../device-link.js';
import type { LinkRules } from '../link-machine.js';
import type { Device, UhfReaderListener } from '../reader.js';
import { findAtSpeed } from '../speed-search.js';
import { createM100Port, type M100Counters, noM100Counts } from './m100-port.js';
import { greetModule, renewReading, setUpModule } from './m100-set-up.js';

export type M100ReaderOptions = DriverOptions<M100Config, UhfReaderListener>;

export interface M100Reader extends Device {
  counters(): Readonly<M100Counters>;
}

const otherSpeeds = [115_200, 9600, 19_200, 38_400, 57_600];
/** Between two rounds the module says something several times a second, also when no tag is there. */
const quietMs = 1500;
/** 65535 rounds take more than ten minutes. */
const renewEveryMs = 300_000;
/** A complaint counts as over when this long no further one came. */
const troubleOverAfterMs = 2000;
/** How long a closing driver waits until its stop command is written. */
const stopWriteMs = 200;

/** An M100, QM100 or YRM100 module with its one antenna, which reads continuously. */
export function createM100Reader(options: M100ReaderOptions): M100Reader {
  const { config, clock, listener, log } = options;
  const counters: M100Counters = { ...noM100Counts };
  let lastBaudRate: number | undefined;

  const rules: LinkRules = {
    device: 'UHF reader',
    silentAfterMs: Math.max(3000, config.searchMs + 2000),
    garbledSetupMs: 4000,
  };

  async function connect(line: Line, isWanted: () => boolean): Promise<Conversation> {
    const stream = createStream({ config, clock, line, listener, counters });
    const { link, port, baudRate, answer } = await findAtSpeed({
      openLink: options.openLink,
      createPort: (link) => createM100Port({ link, clock, line, counters, onReport: stream.take }),
      greet: greetModule,
      baudRates: [config.baudRate, lastBaudRate, ...otherSpeeds],
      isWanted,
    });
    lastBaudRate = baudRate;
    let renewing: Timer | undefined;
    return {
      link,
      configure: async () => {
        log.info({ hardware: answer, baudRate }, 'edge.reader.found');
        const found = await setUpModule(port, config);
        const warnings = [...speedWarning(baudRate, config), ...found];
        line.warning(warnings.length === 0 ? null : warnings.join(' '));
        stream.open();
        renewing = repeat(clock, 'm100.renew', renewEveryMs, () => {
          renewReading(port).catch((error) => {
            if (isAppError(error, 'reader.unanswered')) line.unanswered();
          });
        });
      },
      end: async () => {
        stream.shut();
        renewing?.cancel();
        port.end();
        await stopReading(link, clock);
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

function speedWarning(baudRate: number, config: M100Config): readonly string[] {
  if (baudRate === config.baudRate) return [];
  return [`The UHF reader runs at ${baudRate} bits per second, the settings say ${config.baudRate}.`];
}

interface StreamOptions extends Pick<M100ReaderOptions, 'config' | 'clock' | 'listener'> {
  readonly line: Line;
  readonly counters: M100Counters;
}

interface Stream {
  /** From now on reports belong to the reading that we started. */
  open(): void;
  shut(): void;
  /** False when the report made no sense. */
  take(report: InventoryReport): boolean;
}

/**
 * The module marks the end of a round only when it was empty, so a sweep is a span of `searchMs`, which
 * holds several rounds, in which the module was heard to read.
 */
function createStream({ config, clock, line, listener, counters }: StreamOptions): Stream {
  let spans: Timer | undefined;
  let heardAt = 0;
  let heardInSpan = false;
  let troubledAt: number | null = null;

  function endSpan(): void {
    const now = clock.monotonicMs();
    if (now - heardAt >= quietMs) {
      line.restarted('The UHF reader stopped reading by itself; it is being set up again.');
      return;
    }
    if (!heardInSpan) return;
    heardInSpan = false;
    if (troubledAt !== null) {
      if (now - troubledAt < troubleOverAfterMs) return;
      troubledAt = null;
      line.trouble(null);
    }
    counters.rounds++;
    listener.onRoundEnd();
  }

  return {
    open: () => {
      heardAt = clock.monotonicMs();
      spans = repeat(clock, 'm100.sweep', config.searchMs, endSpan);
    },
    shut: () => {
      spans?.cancel();
      spans = undefined;
    },
    take: (report) => {
      if (report.kind === 'malformed') return false;
      // Left over from a reading that somebody else started.
      if (spans === undefined) return true;
      const now = clock.monotonicMs();
      heardAt = now;
      if (report.kind === 'problem') {
        troubledAt = now;
        line.trouble(errorSentence(report.code));
        return true;
      }
      heardInSpan = true;
      if (report.kind === 'no-tag') return true;
      const { epc, rssiDbm, epcCrcValid } = report.tag;
      if (!epcCrcValid || epc === '') return false;
      counters.reads++;
      listener.onRead({ epc, antenna: 1, rssiDbm, count: 1, atMs: now });
      return true;
    },
  };
}

/** A reader that nobody listens to must not go on transmitting. */
function stopReading(link: SerialLink, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.startTimer('m100.stop', stopWriteMs, resolve);
    const written = (): void => {
      timer.cancel();
      resolve();
    };
    link.write(encodeRequest(stopMultiInventoryRequest())).then(written, written);
  });
}
