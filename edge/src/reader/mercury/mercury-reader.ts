import type { Log } from '@tagtrail/shared/log/log.js';
import { stopContinuousRequest } from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import { encodeRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { versionText } from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { MercuryConfig } from '../../device-config.js';
import { type Conversation, createDeviceLink, type DriverOptions, type Line } from '../device-link.js';
import type { LinkRules } from '../link-machine.js';
import type { UhfReader, UhfReaderListener } from '../reader.js';
import { createHeatWatch } from './heat-watch.js';
import { type MercuryCounters, zeroCounters } from './mercury-counters.js';
import { focusLimit } from './mercury-plans.js';
import { createMercuryPort } from './mercury-port.js';
import { type FoundReader, findReader, probeOrder } from './mercury-probe.js';
import { createReading, type Reading } from './mercury-reading.js';
import { rebootModule, setUpReader } from './mercury-set-up.js';
import { negotiateSpeed } from './mercury-speed.js';
import { createStream } from './mercury-stream.js';

export type MercuryReaderOptions = DriverOptions<MercuryConfig, UhfReaderListener>;

export interface MercuryReader extends UhfReader {
  counters(): MercuryCounters;
}

/** How long a closing driver waits until its stop command is written. */
const stopWriteMs = 200;

/** A ThingMagic / JADAK Mercury reader (M6e family) that reads continuously over its antennas. */
export function createMercuryReader(options: MercuryReaderOptions): MercuryReader {
  const { config, clock, listener, log } = options;
  const counters = zeroCounters();
  const sensedOnce = new Set<number>();
  let lastBaudRate: number | undefined;
  /** Nobody answered the last time: the module may be in its deep sleep. */
  let mayBeAsleep = false;
  let mustReboot = false;
  /** Of the conversation that goes on. */
  let reading: Reading | undefined;
  /** A serial server has a speed of its own, so the reader behind it has to keep to it. */
  let mayChangeSpeed = !config.path.startsWith('tcp:');

  const rules: LinkRules = {
    device: 'UHF reader',
    silentAfterMs: Math.max(3000, config.searchMs + 2000),
    garbledSetupMs: 4000,
  };

  const tellSensed = (antennas: readonly number[]): void => listener.onAntennasSensed?.(antennas);

  async function connect(line: Line, isWanted: () => boolean): Promise<Conversation> {
    const heat = createHeatWatch(line);
    const stream = createStream({
      ...{ config, clock, line, counters },
      listener: {
        ...listener,
        onRoundEnd: () => {
          reading?.onRoundEnd();
          listener.onRoundEnd();
        },
      },
      onCrash: () => {
        mustReboot = true;
      },
      onTemperature: (celsius) => {
        heat.measured(celsius);
        listener.onTemperature?.(celsius);
      },
    });
    const probe = {
      openLink: options.openLink,
      baudRates: probeOrder(config.baudRate, lastBaudRate),
      isWanted,
      createPort: (link: SerialLink) => createMercuryPort({ link, clock, line, counters, onReport: stream.take }),
      wakeUp: mayBeAsleep,
    };
    mayBeAsleep = true;
    const first = await findReader(probe);
    mayBeAsleep = false;
    const found = mayChangeSpeed ? await negotiateSpeed({ ...probe, found: first, wanted: config.baudRate }) : first;
    mayChangeSpeed &&= found.baudRate === config.baudRate;
    lastBaudRate = found.baudRate;
    return {
      link: found.link,
      configure: async () => {
        if (mustReboot) {
          mustReboot = false;
          await rebootModule(found.port);
        }
        tellVersion(found, log);
        // Open before the start is acknowledged: the first reports can share its chunk.
        stream.open();
        const { port } = found;
        const setUp = await setUpReader({ port, config, log, sensedOnce, onSensed: tellSensed });
        heat.setWarnings([...speedWarning(found.baudRate, config), ...setUp.warnings]);
        reading = createReading({ port, line, config, log, takesSelects: setUp.takesSelects });
      },
      end: async () => {
        reading = undefined;
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
  return {
    start: device.start,
    close: device.close,
    setEffort: async (wanted) => (await reading?.setEffort(wanted)) ?? null,
    focusLimit,
    setPlan: async (plan, begins) => (await reading?.setPlan(plan, begins)) ?? false,
    counters: () => ({ ...counters }),
  };
}

function tellVersion({ version, baudRate }: FoundReader, log: Log): void {
  if (version === null) return;
  const { hardware, firmware } = version;
  log.info({ hardware: versionText(hardware), firmware: versionText(firmware), baudRate }, 'edge.reader.found');
}

function speedWarning(baudRate: number, config: MercuryConfig): readonly string[] {
  if (baudRate === config.baudRate) return [];
  return [`The UHF reader runs at ${baudRate} bits per second, the settings say ${config.baudRate}.`];
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
