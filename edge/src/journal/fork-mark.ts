import { utf8Bytes, utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { isAppError } from '@tagtrail/shared/error.js';
import type { Disk } from './disk.js';

export const forkMarkName = 'forked';

/** Remembers that a log must not be continued: a small file with its id, safe when this resolves. */
export async function markForked(disk: Disk, logId: string): Promise<void> {
  await disk.remove(forkMarkName).catch(() => {});
  const file = await disk.create(forkMarkName, 0);
  try {
    await file.write(0, utf8Bytes(`${logId}\n`));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.syncDirectory();
}

/** The id of the log that must not be continued, if any. */
export async function readForkMark(disk: Disk): Promise<string | undefined> {
  try {
    const file = await disk.open(forkMarkName);
    const bytes = await file.read(0, 33);
    await file.close();
    return /^([0-9a-f]{32})\n$/.exec(utf8Text(bytes))?.[1];
  } catch (error) {
    if (isAppError(error, 'disk.missing')) return undefined;
    throw error;
  }
}
