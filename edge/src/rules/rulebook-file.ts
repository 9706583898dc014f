import { crc32c } from '@tagtrail/shared/bytes/crc.js';
import { utf8Bytes, utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { isAppError } from '@tagtrail/shared/error.js';
import { type Rulebook, rulebook as rulebookSchema } from '@tagtrail/shared/rules/rulebook.js';
import type { Disk } from '../journal/disk.js';

export const rulebookName = 'rulebook';
const temporaryName = 'rulebook.new';
const magic = 'tagtrail rulebook 1';

export type LoadedRulebook =
  | { readonly kind: 'loaded'; readonly rulebook: Rulebook }
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged'; readonly detail: string };

/** One line with a checksum, then the rulebook: a flipped bit in a name must not become another name. */
export function encodeRulebook(rulebook: Rulebook): Uint8Array {
  const body = JSON.stringify(rulebook);
  return utf8Bytes(`${magic} ${checksum(body)}\n${body}`);
}

export function decodeRulebook(bytes: Uint8Array): LoadedRulebook {
  let text: string;
  try {
    text = utf8Text(bytes);
  } catch {
    return damaged('not UTF-8');
  }
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== `${magic} ${checksum(body)}`) return damaged('the checksum does not hold');
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return damaged('not JSON');
  }
  const parsed = rulebookSchema.safeParse(value);
  if (!parsed.success)
    return damaged(`not a rulebook of this version: ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
  return { kind: 'loaded', rulebook: parsed.data };
}

/** Rejects with AppError `disk.fault`. */
export async function loadRulebook(disk: Disk): Promise<LoadedRulebook> {
  let bytes: Uint8Array;
  try {
    const file = await disk.open(rulebookName);
    bytes = await file.read(0, await file.size());
    await file.close();
  } catch (error) {
    if (isAppError(error, 'disk.missing')) return { kind: 'none' };
    throw error;
  }
  return decodeRulebook(bytes);
}

/** After a power cut there is either the old rulebook or the new one. Rejects with `disk.full` or `disk.fault`. */
export async function saveRulebook(disk: Disk, rulebook: Rulebook): Promise<void> {
  await disk.remove(temporaryName).catch(() => {});
  const file = await disk.create(temporaryName, 0);
  try {
    await file.write(0, encodeRulebook(rulebook));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(temporaryName, rulebookName);
  await disk.syncDirectory();
}

function checksum(body: string): string {
  return crc32c(utf8Bytes(body)).toString(16).padStart(8, '0');
}

function damaged(detail: string): LoadedRulebook {
  return { kind: 'damaged', detail };
}
