import type { PortDwell, PortPair, PortPower } from '@tagtrail/shared/protocol/mercury/mercury-antenna-commands.js';
import { readerParam, region } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import type { GpioPin } from '@tagtrail/shared/protocol/mercury/mercury-gpio-commands.js';
import type { ReaderModel } from './reader-model.js';

/** Everything that a host can change, and that a restart forgets. */
export interface ReaderState {
  program: 'application' | 'bootloader';
  baud: number;
  region: number;
  /** 0 = none */
  protocol: number;
  pair: PortPair;
  /** Empty: only `pair` is used. */
  searchList: readonly PortPair[];
  portPowers: ReadonlyMap<number, PortPower>;
  dwells: readonly PortDwell[];
  readCentiDbm: number;
  writeCentiDbm: number;
  hopTable: readonly number[];
  hopTimeMs: number;
  powerMode: number;
  userMode: number;
  gpio: readonly GpioPin[];
  readonly readerParams: Map<number, Uint8Array>;
  readonly gen2Params: Map<number, Uint8Array>;
  temperatureC: number;
  /** Ports without an antenna; put there by a person, so a restart keeps them. */
  readonly missingPorts: Set<number>;
}

const defaultReaderParams: readonly (readonly [number, readonly number[]])[] = [
  [readerParam.uniqueByAntennaInverted, [0]],
  [readerParam.extendedEpc, [0]],
  [readerParam.antennaControlGpio, [0]],
  [readerParam.antennaCheck, [0]],
  [readerParam.temperatureCheck, [1]],
  [readerParam.keepHighestRssi, [0]],
  [readerParam.uniqueByDataInverted, [1]],
  [readerParam.rssiInDbm, [1]],
  [readerParam.selfJammerCancel, [1]],
  [readerParam.uniqueByProtocolInverted, [0]],
  [readerParam.readFilter, [1]],
  [readerParam.readFilterTimeoutMs, [0, 0, 0, 0]],
  [readerParam.currentTransport, [0]],
  [readerParam.productGroup, [0, 0]],
  [readerParam.productId, [0, 0]],
  [readerParam.sendCrc, [1]],
  [readerParam.triggerPin, [0]],
];

/** Session, target, encoding, link frequency, Tari, Q, BAP, extension, and one key (16) that newer firmware has. */
const defaultGen2Params: readonly (readonly [number, readonly number[]])[] = [
  [0x00, [0]],
  [0x01, [1, 0]],
  [0x02, [2]],
  [0x10, [0]],
  [0x11, [0]],
  [0x12, [0]],
  [0x13, [0]],
  [0x14, [0]],
  [0x16, [0, 2]],
];

function byKey(entries: readonly (readonly [number, readonly number[]])[]): Map<number, Uint8Array> {
  return new Map(entries.map(([key, value]) => [key, Uint8Array.from(value)]));
}

/** A module fresh from its box: no region, no protocol, the first port. */
export function freshState(model: ReaderModel, baud: number, missingPorts = new Set<number>()): ReaderState {
  return {
    program: model.startsIn,
    baud,
    region: region.none,
    protocol: 0,
    pair: { tx: 1, rx: 1 },
    searchList: [],
    portPowers: new Map(),
    dwells: [],
    readCentiDbm: model.maxCentiDbm,
    writeCentiDbm: model.maxCentiDbm,
    hopTable: [],
    hopTimeMs: 375,
    powerMode: 0,
    userMode: 0,
    gpio: model.gpioPins.map((pin) => ({ pin, output: true, high: false })),
    readerParams: byKey(defaultReaderParams),
    gen2Params: byKey(defaultGen2Params),
    temperatureC: model.temperatureC,
    missingPorts,
  };
}

export function isOn(state: ReaderState, key: number): boolean {
  return (state.readerParams.get(key)?.[0] ?? 0) !== 0;
}
