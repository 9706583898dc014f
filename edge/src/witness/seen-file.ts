import { utf8Bytes, utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { isAppError } from '@tagtrail/shared/error.js';
import type { Disk } from '../journal/disk.js';
import type { Seen } from './judge-checkpoint.js';

/** In the first line the key and, after blanks, those that have handed over; then the signed note. */
export const seenName = 'checkpoint';

/** Undefined where no checkpoint has been seen. Rejects with AppError `disk.fault`. */
export async function loadSeen(disk: Disk): Promise<Seen | undefined> {
  let bytes: Uint8Array;
  try {
    const file = await disk.open(seenName);
    bytes = await file.read(0, await file.size());
    await file.close();
  } catch (error) {
    if (isAppError(error, 'disk.missing')) return undefined;
    throw error;
  }
  const text = utf8Text(bytes);
  const end = text.indexOf('\n');
  if (end < 0) return undefined;
  // The name of a key has no blank (C2SP signed-note).
  const [key = '', ...left] = text.slice(0, end).split(' ');
  return { key, note: text.slice(end + 1), left };
}

/** After a power cut there is either the old checkpoint or the new one. Rejects with `disk.full` or `disk.fault`. */
export async function saveSeen(disk: Disk, { key, note, left = [] }: Seen): Promise<void> {
  const temporary = `${seenName}.new`;
  await disk.remove(temporary).catch(() => {});
  const file = await disk.create(temporary, 0);
  try {
    await file.write(0, utf8Bytes(`${[key, ...left].join(' ')}\n${note}`));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(temporary, seenName);
  await disk.syncDirectory();
}
