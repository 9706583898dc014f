import { crc32c } from '@tagtrail/shared/bytes/crc.js';
import { utf8Bytes, utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { errorText, isAppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Disk } from './disk.js';

export const acknowledgementName = 'acknowledged';

/**
 * How far the cloud has confirmed a log, as one line of fixed length that is overwritten in place
 * and never synced: to lose it only means to send again what the cloud has.
 */
export interface Acknowledgement {
  readonly log: string;
  readonly upTo: number;
}

export const acknowledgementBytes = 32 + 1 + 16 + 1 + 8 + 1;

export function encodeAcknowledgement({ log, upTo }: Acknowledgement): Uint8Array {
  const text = `${log} ${String(upTo).padStart(16, '0')}`;
  return utf8Bytes(`${text} ${checksum(text)}\n`);
}

/** Undefined for anything that is not a whole line. */
export function decodeAcknowledgement(bytes: Uint8Array): Acknowledgement | undefined {
  let line: string;
  try {
    line = utf8Text(bytes.subarray(0, acknowledgementBytes));
  } catch {
    return undefined;
  }
  const match = /^(([0-9a-f]{32}) ([0-9]{16})) ([0-9a-f]{8})\n$/.exec(line);
  const [, text = '', log = '', upTo = '', sum] = match ?? [];
  return sum === checksum(text) ? { log, upTo: Number(upTo) } : undefined;
}

function checksum(text: string): string {
  return crc32c(utf8Bytes(text)).toString(16).padStart(8, '0');
}

export interface AcknowledgementFile {
  upTo(): number;
  raise(upTo: number): void;
  /** Resolves when the file holds the latest value, or the disk refused it. */
  settled(): Promise<void>;
}

/** Writes the latest value only, however often it is raised while the disk is busy. */
export function createAcknowledgementFile(options: {
  disk: Disk;
  logId: string;
  upTo: number;
  log: Log;
}): AcknowledgementFile {
  let { upTo } = options;
  let written = upTo;
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    while (written < upTo) {
      const value = upTo;
      await overwrite(options.disk, { log: options.logId, upTo: value });
      written = value;
    }
  };
  return {
    upTo: () => upTo,
    raise: (value) => {
      upTo = Math.max(upTo, value);
      writing ??= write()
        .catch((error) => options.log.warn({ error: errorText(error) }, 'journal.acknowledgement.unsaved'))
        .finally(() => {
          writing = undefined;
        });
    },
    settled: async () => {
      await writing;
    },
  };
}

async function overwrite(disk: Disk, acknowledgement: Acknowledgement): Promise<void> {
  const file = await disk.open(acknowledgementName).catch((error) => {
    if (isAppError(error, 'disk.missing')) return disk.create(acknowledgementName, 0);
    throw error;
  });
  try {
    await file.write(0, encodeAcknowledgement(acknowledgement));
  } finally {
    await file.close();
  }
}
