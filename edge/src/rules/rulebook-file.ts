import { crc32c } from '@tagtrail/shared/bytes/crc.js';
import { utf8Bytes, utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { isAppError } from '@tagtrail/shared/error.js';
import { type Rulebook, rulebook as rulebookSchema } from '@tagtrail/shared/rules/rulebook.js';
import type { Disk } from '../journal/disk.js';
import type { Seal } from './seal.js';

export const rulebookName = 'rulebook';
const temporaryName = 'rulebook.new';
const sealedMagic = utf8Bytes('tagtrail rulebook 2\n');
/** Files of agents before 0.2 are readable for anybody; they are sealed when they are found. */
const plainMagic = 'tagtrail rulebook 1';

export type LoadedRulebook =
  | { readonly kind: 'loaded'; readonly rulebook: Rulebook; readonly sealed: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged'; readonly detail: string };

/** Names of people and hashes of badges: nothing of it may be read without the cabinet's credentials. */
export function encodeRulebook(rulebook: Rulebook, seal: Seal): Uint8Array {
  const sealed = seal.close(utf8Bytes(JSON.stringify(rulebook)));
  const file = new Uint8Array(sealedMagic.length + sealed.length);
  file.set(sealedMagic);
  file.set(sealed, sealedMagic.length);
  return file;
}

export function decodeRulebook(bytes: Uint8Array, seal: Seal): LoadedRulebook {
  if (!sealedMagic.every((byte, i) => bytes[i] === byte)) return decodePlain(bytes);
  const plain = seal.open(bytes.subarray(sealedMagic.length));
  if (plain === undefined) return damaged('it was changed, or sealed with other credentials than those of now');
  return parseBody(utf8Text(plain), true);
}

function decodePlain(bytes: Uint8Array): LoadedRulebook {
  let text: string;
  try {
    text = utf8Text(bytes);
  } catch {
    return damaged('not UTF-8');
  }
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== `${plainMagic} ${checksum(body)}`) return damaged('the checksum does not hold');
  return parseBody(body, false);
}

function parseBody(body: string, sealed: boolean): LoadedRulebook {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return damaged('not JSON');
  }
  const parsed = rulebookSchema.safeParse(value);
  if (!parsed.success)
    return damaged(`not a rulebook of this version: ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
  return { kind: 'loaded', rulebook: parsed.data, sealed };
}

/** Rejects with AppError `disk.fault`. */
export async function loadRulebook(disk: Disk, seal: Seal): Promise<LoadedRulebook> {
  let bytes: Uint8Array;
  try {
    const file = await disk.open(rulebookName);
    bytes = await file.read(0, await file.size());
    await file.close();
  } catch (error) {
    if (isAppError(error, 'disk.missing')) return { kind: 'none' };
    throw error;
  }
  return decodeRulebook(bytes, seal);
}

/** After a power cut there is either the old rulebook or the new one. Rejects with `disk.full` or `disk.fault`. */
export async function saveRulebook(disk: Disk, rulebook: Rulebook, seal: Seal): Promise<void> {
  await disk.remove(temporaryName).catch(() => {});
  const file = await disk.create(temporaryName, 0);
  try {
    await file.write(0, encodeRulebook(rulebook, seal));
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
