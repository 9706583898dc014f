import { baudCodes } from '@tagtrail/shared/protocol/chafon/chafon-constants.js';
import type { ChafonConfig } from '../../device-config.js';
import { type Conversation, createDeviceLink, type DriverOptions, type Line } from '../device-link.js';
import type { LinkRules } from '../link-machine.js';
import type { Device, UhfReaderListener } from '../reader.js';
import { findAtSpeed } from '../speed-search.js';
import { type ChafonCounters, createChafonPort, noChafonCounts } from './chafon-port.js';
import { greetReader, setUpReader } from './chafon-set-up.js';
import { type Sweeps, startSweeps } from './chafon-sweeps.js';

export type ChafonReaderOptions = DriverOptions<ChafonConfig, UhfReaderListener>;

export interface ChafonReader extends Device {
  counters(): Readonly<ChafonCounters>;
}

/** A Chafon UHFReader288 or UHFReader18, asked search by search over its antennas. */
export function createChafonReader(options: ChafonReaderOptions): ChafonReader {
  const { config, clock, listener, log } = options;
  const counters: ChafonCounters = { ...noChafonCounts };
  let lastBaudRate: number | undefined;

  const rules: LinkRules = {
    device: 'UHF reader',
    silentAfterMs: Math.max(3000, config.searchMs + 2000),
    garbledSetupMs: 4000,
  };

  async function connect(line: Line, isWanted: () => boolean): Promise<Conversation> {
    const { link, port, baudRate, answer } = await findAtSpeed({
      openLink: options.openLink,
      createPort: (link) => createChafonPort({ link, clock, line, counters }),
      greet: greetReader,
      baudRates: [config.baudRate, lastBaudRate, ...[...baudCodes.keys()].reverse()],
      isWanted,
    });
    lastBaudRate = baudRate;
    let sweeps: Sweeps | undefined;
    return {
      link,
      configure: async () => {
        log.info({ firmware: answer.firmware, type: answer.type, baudRate }, 'edge.reader.found');
        const found = await setUpReader(port, answer, config);
        const facts = { ...found, warnings: [...speedWarning(baudRate, config), ...found.warnings] };
        line.warning(facts.warnings.length === 0 ? null : facts.warnings.join(' '));
        sweeps = startSweeps({ port, facts, config, clock, line, listener, counters });
      },
      // A search that runs ends by itself after its time, so the reader needs no last word.
      end: () => {
        sweeps?.stop();
        port.end();
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

function speedWarning(baudRate: number, config: ChafonConfig): readonly string[] {
  if (baudRate === config.baudRate) return [];
  return [`The UHF reader runs at ${baudRate} bits per second, the settings say ${config.baudRate}.`];
}
