/** Figures of the ThingMagic / JADAK Mercury serial protocol (M5e, M6e, M6e Nano, M7E; Silion modules share the framing). */

export const frameHeader = 0xff;

/** The host library's buffer is 256 bytes and refuses more, so a larger LEN is never a frame. */
export const maxDataBytes = 249;

/** Header, LEN, OP and the CRC. */
export const requestOverheadBytes = 5;
/** The same and the status word. */
export const replyOverheadBytes = 7;

/** The module's default. */
export const defaultBaud = 115_200;

/** The order in which the maker's own library looks for a module. */
export const probeBauds: readonly number[] = [9600, 115_200, 921_600, 19_200, 38_400, 57_600, 230_400, 460_800];

/** A candidate that stays incomplete for this long is not a frame. */
export const staleAfterMs = 50;

export const opcode = {
  version: 0x03,
  bootApplication: 0x04,
  setBaud: 0x06,
  bootBootloader: 0x09,
  currentProgram: 0x0c,
  hardwareVersion: 0x10,
  readTag: 0x21,
  search: 0x22,
  writeEpc: 0x23,
  writeData: 0x24,
  lockTag: 0x25,
  killTag: 0x26,
  readData: 0x28,
  tagBuffer: 0x29,
  clearTagBuffer: 0x2a,
  continuous: 0x2f,
  getAntennas: 0x61,
  getReadPower: 0x62,
  getProtocol: 0x63,
  getWritePower: 0x64,
  getHopTable: 0x65,
  getGpio: 0x66,
  getRegion: 0x67,
  getPowerMode: 0x68,
  getUserMode: 0x69,
  getReaderParam: 0x6a,
  getProtocolParam: 0x6b,
  statistics: 0x6c,
  getProfile: 0x6d,
  protocols: 0x70,
  regions: 0x71,
  temperature: 0x72,
  setAntennas: 0x91,
  setReadPower: 0x92,
  setProtocol: 0x93,
  setWritePower: 0x94,
  setHopTable: 0x95,
  setGpio: 0x96,
  setRegion: 0x97,
  setPowerMode: 0x98,
  setUserMode: 0x99,
  setReaderParam: 0x9a,
  setProtocolParam: 0x9b,
  profile: 0x9d,
} as const;

export const gen2Protocol = 0x05;

/** First byte of the hardware version. */
export const hardwareModel: Readonly<Record<number, string>> = {
  0: 'M5e',
  24: 'M6e',
  25: 'M6e-i',
  32: 'M6e Micro',
  48: 'M6e Nano',
  56: 'M7E',
  128: 'M3e',
};

export const region = {
  none: 0x00,
  na: 0x01,
  eu: 0x02,
  kr: 0x03,
  in: 0x04,
  jp: 0x05,
  prc: 0x06,
  eu2: 0x07,
  /** 865-868 MHz, the usual European choice. */
  eu3: 0x08,
  kr2: 0x09,
  prc2: 0x0a,
  au: 0x0b,
  nz: 0x0c,
  na2: 0x0d,
  na3: 0x0e,
  is: 0x0f,
  open: 0xff,
} as const;

/** Keys of 6A and 9A. "Inverted" keys mean enabled when they are 0. */
export const readerParam = {
  uniqueByAntennaInverted: 0x00,
  extendedEpc: 0x02,
  antennaControlGpio: 0x03,
  antennaCheck: 0x04,
  temperatureCheck: 0x05,
  keepHighestRssi: 0x06,
  uniqueByDataInverted: 0x08,
  rssiInDbm: 0x09,
  selfJammerCancel: 0x0a,
  uniqueByProtocolInverted: 0x0b,
  readFilter: 0x0c,
  readFilterTimeoutMs: 0x0d,
  currentTransport: 0x0e,
  productGroup: 0x12,
  productId: 0x13,
  sendCrc: 0x1b,
  triggerPin: 0x1e,
} as const;

/** Keys of 6B and 9B for protocol Gen2. */
export const gen2Param = {
  session: 0x00,
  target: 0x01,
  tagEncoding: 0x02,
  linkFrequency: 0x10,
  tari: 0x11,
  q: 0x12,
  bap: 0x13,
  protocolExtension: 0x14,
} as const;

/** Values of the Gen2 parameter `target`. */
export const gen2Target = { a: 0x0100, b: 0x0101, ab: 0x0000, ba: 0x0001 } as const;

export const searchFlag = {
  /** Bits 0-1: which antennas; 3 = the configured list. */
  configuredList: 0x0003,
  embeddedCommand: 0x0004,
  streaming: 0x0008,
  largePopulation: 0x0010,
  statusStream: 0x0020,
  stopAfterCount: 0x0040,
  fastSearch: 0x0080,
  statisticsStream: 0x0100,
  pinTrigger: 0x0200,
  dutyCycle: 0x0400,
} as const;

export const searchOption = {
  /** The request names metadata flags and the replies carry metadata. */
  metadata: 0x10,
  /** One more option byte follows and all later fields move on by one. */
  extended: 0x80,
} as const;

export const metadataFlag = {
  readCount: 0x0001,
  rssi: 0x0002,
  antenna: 0x0004,
  frequency: 0x0008,
  timestamp: 0x0010,
  phase: 0x0020,
  protocol: 0x0040,
  data: 0x0080,
  gpio: 0x0100,
  q: 0x0200,
  linkFrequency: 0x0400,
  target: 0x0800,
  brandId: 0x1000,
  tagType: 0x2000,
} as const;

/** Everything that the first generation of modules reports. */
export const usualMetadata = 0x01ff;
