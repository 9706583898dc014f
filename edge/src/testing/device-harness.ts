import { AppError } from '@tagtrail/shared/error.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { createLinkPair, type LinkPair } from '@tagtrail/shared/testing/link-pair.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import type { DeviceReport } from '../reader/reader.js';

/** A device at the far end of links in memory, for as long as it is plugged in. */
export interface DeviceHarness {
  readonly clock: VirtualClock;
  readonly random: ReturnType<typeof seededRandom>;
  readonly log: typeof silentLog;
  readonly reports: DeviceReport[];
  readonly openedAt: { readonly baudRate: number; readonly atMs: number }[];
  readonly openLink: (baudRate: number) => Promise<SerialLink>;
  /** The link that is open now. */
  pair(): LinkPair;
  unplug(): void;
  replug(): void;
  status(): DeviceReport['status'] | undefined;
}

/** `attach` connects the device's end of every link that is opened. */
export function createDeviceHarness(attach: (link: SerialLink, baudRate: number) => void): DeviceHarness {
  const clock = new VirtualClock();
  const reports: DeviceReport[] = [];
  const openedAt: { baudRate: number; atMs: number }[] = [];
  let plugged = true;
  let current: LinkPair | undefined;

  return {
    clock,
    random: seededRandom('device harness'),
    log: silentLog,
    reports,
    openedAt,
    openLink: async (baudRate) => {
      if (!plugged) {
        throw new AppError('serial.port_missing', 'the serial port is not there: check the cable', {
          kind: 'operator',
        });
      }
      openedAt.push({ baudRate, atMs: clock.monotonicMs() });
      current = createLinkPair(clock);
      attach(current.device, baudRate);
      return current.host;
    },
    pair: () => {
      if (current === undefined) throw new AppError('bug.no_link', 'no link was opened', { kind: 'bug' });
      return current;
    },
    unplug: () => {
      plugged = false;
      current?.unplug();
    },
    replug: () => {
      plugged = true;
    },
    status: () => reports.at(-1)?.status,
  };
}
