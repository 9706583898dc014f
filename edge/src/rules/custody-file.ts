import { utf8Bytes, utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { isAppError } from '@tagtrail/shared/error.js';
import { type CustodyFacts, custodyFacts } from '@tagtrail/shared/rules/custody-facts.js';
import type { Disk } from '../journal/disk.js';
import type { Seal } from './seal.js';

export const custodyName = 'custody';
const temporaryName = 'custody.new';

/**
 * Undefined when there is none or it cannot be read: the rulebook alone is enough to work by, and the
 * next facts come with the next connection. Rejects with AppError `disk.fault`.
 */
export async function loadCustody(disk: Disk, seal: Seal): Promise<CustodyFacts | undefined> {
  let sealed: Uint8Array;
  try {
    const file = await disk.open(custodyName);
    sealed = await file.read(0, await file.size());
    await file.close();
  } catch (error) {
    if (isAppError(error, 'disk.missing')) return undefined;
    throw error;
  }
  const plain = seal.open(sealed);
  if (plain === undefined) return undefined;
  const parsed = custodyFacts.safeParse(JSON.parse(utf8Text(plain)));
  return parsed.success ? parsed.data : undefined;
}

/** After a power cut there are either the old facts or the new ones. Rejects with `disk.full` or `disk.fault`. */
export async function saveCustody(disk: Disk, facts: CustodyFacts, seal: Seal): Promise<void> {
  await disk.remove(temporaryName).catch(() => {});
  const file = await disk.create(temporaryName, 0);
  try {
    await file.write(0, seal.close(utf8Bytes(JSON.stringify(facts))));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(temporaryName, custodyName);
  await disk.syncDirectory();
}
