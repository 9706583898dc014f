/** Figures of the Chafon UHFReader18 / UHFReader288 serial protocol (protocols.md section 2.2; command codes also from the maker's SDK). */

export const defaultBaud = 57_600;

/** Speeds by the code that command 28 takes. */
export const baudCodes: ReadonlyMap<number, number> = new Map([
  [9600, 0],
  [19_200, 1],
  [38_400, 2],
  [57_600, 5],
  [115_200, 6],
]);

/** Any reader answers to this address. */
export const broadcastAddress = 0xff;

/** ADR, CMD and the CRC. */
export const minRequestLength = 4;
/** The same and STATUS. */
export const minReplyLength = 5;
/** LEN counts the bytes behind it. */
export const maxFrameBytes = 256;

/** A candidate that stays incomplete for this long is not a frame. */
export const staleAfterMs = 50;

export const command = {
  inventory: 0x01,
  readData: 0x02,
  writeData: 0x03,
  writeEpc: 0x04,
  singleInventory: 0x0f,
  bufferInventory: 0x18,
  readerInfo: 0x21,
  setFrequency: 0x22,
  setAddress: 0x24,
  setScanTime: 0x25,
  setBaud: 0x28,
  setPower: 0x2f,
  setAntennas: 0x3f,
  setBeep: 0x40,
  setAntennaCheck: 0x66,
  setWorkMode: 0x76,
  temperature: 0x92,
} as const;

export const status = {
  ok: 0x00,
  finished: 0x01,
  timedOut: 0x02,
  moreFrames: 0x03,
  memoryFull: 0x04,
  wrongPassword: 0x05,
  antenna: 0xf8,
  executeError: 0xf9,
  weakLink: 0xfa,
  noTag: 0xfb,
  tagError: 0xfc,
  wrongLength: 0xfd,
  illegalCommand: 0xfe,
  invalidParameter: 0xff,
} as const;

const sentences: Readonly<Record<number, string>> = {
  0: 'The reader did what it was asked.',
  1: 'The inventory is finished.',
  2: 'The inventory ended because its time was over.',
  3: 'More tags follow.',
  4: 'The memory of the reader is full: fewer tags at once, or less time for a search.',
  5: 'The access password of the tag is wrong.',
  248: 'No antenna is connected to the port: check the antenna cable.',
  249: 'The reader could not carry out the command.',
  250: 'The tag answers too weakly: bring it nearer or raise the power.',
  251: 'No tag answered.',
  252: 'The tag reported an error.',
  253: 'The reader got a command of the wrong length.',
  254: 'The reader does not know this command.',
  255: 'The reader refused a value of the command.',
};

/** The status bytes that have a sentence. */
export const knownStatuses: readonly number[] = Object.keys(sentences).map(Number);

/** One sentence for an operator, for every status byte. */
export function statusSentence(code: number): string {
  return sentences[code] ?? `The reader reports status ${code.toString(16).padStart(2, '0').toUpperCase()}.`;
}

/** A band as command 22 takes it: a number of four bits and the channels in use, lowest to highest. */
export interface FrequencyBand {
  readonly band: number;
  readonly minChannel: number;
  readonly maxChannel: number;
}

/** EU: 865.1 MHz + n x 0.2; US: 902.75 MHz + n x 0.5; KR: 917.1 MHz + n x 0.2; PRC: 920.125 MHz + n x 0.25. */
export const bandOfRegion = {
  prc: { band: 0b0001, minChannel: 0, maxChannel: 19 },
  na: { band: 0b0010, minChannel: 0, maxChannel: 49 },
  kr2: { band: 0b0011, minChannel: 0, maxChannel: 31 },
  eu3: { band: 0b0100, minChannel: 0, maxChannel: 14 },
} as const satisfies Readonly<Record<string, FrequencyBand>>;

export type ChafonRegion = keyof typeof bandOfRegion;
