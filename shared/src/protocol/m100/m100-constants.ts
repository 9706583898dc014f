/** Figures of the MagicRF M100 / QM100 / YRM100 serial protocol (protocols.md section 2.1). */

export const defaultBaud = 115_200;

export const frameHeader = 0xbb;
export const frameEnd = 0x7e;

/** Header, TYPE, CMD, PL, SUM and end. */
export const overheadBytes = 7;

/** The longest known parameters are a hundred channels of a scan; longer ones are noise that looks like a header. */
export const maxParamBytes = 512;

/** A candidate that stays incomplete for this long is not a frame. */
export const staleAfterMs = 50;

export const frameType = { command: 0x00, reply: 0x01, notice: 0x02 } as const;

export const command = {
  info: 0x03,
  setRegion: 0x07,
  getRegion: 0x08,
  setSelect: 0x0c,
  getQuery: 0x0d,
  setQuery: 0x0e,
  setBaud: 0x11,
  setSelectMode: 0x12,
  sleep: 0x17,
  inventory: 0x22,
  multiInventory: 0x27,
  stopMultiInventory: 0x28,
  readData: 0x39,
  writeData: 0x49,
  killTag: 0x65,
  lockTag: 0x82,
  getChannel: 0xaa,
  setChannel: 0xab,
  setHopping: 0xad,
  setPower: 0xb6,
  getPower: 0xb7,
  /** Only in replies: the command failed, the parameter says why. */
  error: 0xff,
} as const;

export const errorCode = {
  readNoTag: 0x09,
  writeNoTag: 0x10,
  killNoTag: 0x12,
  lockNoTag: 0x13,
  noTag: 0x15,
  accessDenied: 0x16,
  badCommand: 0x17,
  hopping: 0x20,
} as const;

const sentences: Readonly<Record<number, string>> = {
  9: 'No tag answered to be read.',
  16: 'No tag answered to be written.',
  18: 'No tag answered to be killed.',
  19: 'No tag answered to be locked.',
  21: 'No tag answered.',
  22: 'The access password of the tag is wrong.',
  23: 'The reader does not know this command or refused its value.',
  32: 'The reader found no free radio channel: another reader may be near.',
};

const gen2Errors: Readonly<Record<number, string>> = {
  10: 'The tag could not be read',
  11: 'The tag could not be written',
  12: 'The tag could not be locked',
  13: 'The tag could not be killed',
};

/** The error codes that have a sentence of their own. */
export const knownErrors: readonly number[] = Object.keys(sentences).map(Number);

/** One sentence for an operator, for every error byte. */
export function errorSentence(code: number): string {
  const gen2 = gen2Errors[code >>> 4];
  if (gen2 !== undefined) return `${gen2}: it reports error ${code & 0x0f}.`;
  return sentences[code] ?? `The reader reports error ${code.toString(16).padStart(2, '0').toUpperCase()}.`;
}

/** 920-925, 902-928, 865-868 and 917-923 MHz. */
export const regionCode = { prc: 0x01, na: 0x02, eu3: 0x03, kr2: 0x06 } as const;

export type M100Region = keyof typeof regionCode;

/** When select filters are applied. */
export const selectMode = { always: 0, never: 1, notForInventory: 2 } as const;
