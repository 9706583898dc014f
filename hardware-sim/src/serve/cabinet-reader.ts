import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { createChafonReader } from '../devices/chafon-reader/chafon-reader.js';
import type { SerialDevice } from '../devices/device.js';
import { createM100Reader } from '../devices/m100-reader/m100-reader.js';
import { createUhfReaderDevice } from '../devices/uhf-reader/uhf-reader-device.js';
import type { Air } from '../field/air.js';

/** A UHF reader as it is built into a cabinet. */
export interface CabinetReader extends SerialDevice {
  counters(): Readonly<Record<string, number>>;
  /** Screws the cable of an antenna on or off. */
  connectAntenna(antenna: number, connected: boolean): void;
  /** Taken out for good. */
  close(): void;
}

export interface CabinetReaderOptions {
  readonly air: Air;
  readonly antennas: number;
  readonly clock: Clock;
  readonly random: Random;
}

export type BuildReader = (options: CabinetReaderOptions) => CabinetReader;

/** A four-port Mercury module. */
export const mercuryReader: BuildReader = (options) => {
  const device = createUhfReaderDevice(options);
  const { reader } = device;
  return {
    ...device,
    counters: () => ({ ...reader.counters }),
    connectAntenna: (antenna, connected) => {
      if (connected) reader.state.missingPorts.delete(antenna);
      else reader.state.missingPorts.add(antenna);
    },
    close: reader.close,
  };
};

/** A Chafon UHFReader288. */
export const chafonReader: BuildReader = (options) => withCounters(createChafonReader(options));

/** A Chafon UHFReader18, which has one antenna. */
export const chafon18Reader: BuildReader = (options) => withCounters(createChafonReader({ ...options, model: '18' }));

/** An M100 module, which has one antenna. */
export const m100Reader: BuildReader = (options) => withCounters(createM100Reader(options));

function withCounters(
  device: Omit<CabinetReader, 'counters' | 'close'> & { readonly counters: object },
): CabinetReader {
  return { ...device, counters: () => ({ ...device.counters }), close: device.powerOff };
}
