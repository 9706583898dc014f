import { gen2Protocol, region } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import type { ModuleVersion } from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import type { SearchCountLayout } from '@tagtrail/shared/protocol/mercury/mercury-search-commands.js';

/** What kind of module the simulated reader is: everything that a host cannot change. */
export interface ReaderModel {
  readonly version: ModuleVersion;
  /** Upper six bits of the answer to 0C. */
  readonly programUpperBits: number;
  /** Digits printed on the module. */
  readonly serialNumber: string;
  readonly regions: readonly number[];
  readonly protocols: readonly number[];
  readonly bauds: readonly number[];
  readonly maxCentiDbm: number;
  readonly minCentiDbm: number;
  readonly gpioPins: readonly number[];
  readonly temperatureC: number;
  readonly countLayout: SearchCountLayout;
  /** Select commands that one search may carry; 0 in older firmware. */
  readonly mostSelects: number;
  /** Bytes that wait for the line at most; a search pauses until there is room again. */
  readonly outputBytes: number;
  /** Runs the application after a start; some modules wait in their boot loader for command 04. */
  readonly startsIn: 'application' | 'bootloader';
}

export interface AirTimes {
  /** Setting up one inventory round on one antenna. */
  readonly roundMs: number;
  /** Each tag that answers in it. */
  readonly tagMs: number;
  /** A Select without a mask, and each bit of its mask: Tari 25 us, so a 1 and a 0 take 34 us on average. */
  readonly selectMs: number;
  readonly selectBitMs: number;
  /** From power or restart to the boot message. */
  readonly bootMs: number;
}

export const usualAirTimes: AirTimes = { roundMs: 10, tagMs: 4, selectMs: 1.7, selectBitMs: 0.034, bootMs: 150 };

/** A four-port M6e-like module for Europe and North America. */
export const m6eModel: ReaderModel = {
  version: {
    bootloader: 0x14120800,
    hardware: 0x18000002,
    firmwareDate: 0x20210215,
    firmware: 0x01230015,
    protocolMask: 1 << (gen2Protocol - 1),
  },
  programUpperBits: 0x10,
  serialNumber: '202412080000001',
  regions: [region.na, region.eu, region.prc, region.eu3, region.na2, region.na3, region.open],
  protocols: [gen2Protocol],
  bauds: [9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600],
  maxCentiDbm: 3150,
  minCentiDbm: 500,
  gpioPins: [1, 2, 3, 4],
  temperatureC: 34,
  countLayout: 'u32',
  mostSelects: 3,
  outputBytes: 1024,
  startsIn: 'application',
};

/** Channels in kHz by region; Europe has four, the American bands fifty. */
export function hopTableOf(code: number): readonly number[] {
  if (code === region.none) return [];
  if (code === region.prc) return Array.from({ length: 16 }, (_, i) => 920_625 + i * 250);
  const american: readonly number[] = [region.na, region.na2, region.na3, region.open];
  if (american.includes(code)) return Array.from({ length: 50 }, (_, i) => 902_750 + ((i * 17) % 50) * 500);
  return [865_700, 866_300, 866_900, 867_500];
}
