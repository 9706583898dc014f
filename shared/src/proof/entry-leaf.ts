import { base64OfBytes, bytesOfBase64 } from '../bytes/base64.js';
import { canonicalJson, canonicalObject, type Json } from '../chain/canonical.js';
import type { Hashing } from './hashing.js';
import { hashLeaf } from './merkle.js';
import { isPersonalDataField, personalColumns } from './personal-fields.js';

/**
 * One line of the trail as its leaf covers it. Ids are lower-case UUIDs (`logId` 32 hex digits),
 * times ISO 8601 in UTC with milliseconds. What is personal may be null or absent when it was taken out.
 */
export interface LeafLine {
  readonly tenant: string;
  readonly index: number;
  readonly recordedAt: string;
  readonly occurredAt: string;
  readonly effectiveAt: string;
  readonly kind: string;
  readonly category: string;
  readonly source: string;
  readonly status: string;
  readonly site: string | null;
  readonly cabinet: string | null;
  readonly asset: string | null;
  readonly session: string | null;
  readonly order: string | null;
  readonly logId: string | null;
  readonly seq: number | null;
  readonly actor: string | null;
  readonly counterpart: string | null;
  /** Chain value of the cabinet's record, 64 hex digits. */
  readonly chain: string | null;
  readonly origin: Json;
  readonly data: { readonly [name: string]: Json | undefined };
}

/** By field name (`actor`, `data.takenBy`, ...): 32 bytes in base64. */
export type FieldValues = Readonly<Record<string, string>>;

export interface SealedLine extends LeafLine {
  /** Null once the personal fields have been taken out. */
  readonly salts: FieldValues | null;
  readonly commitments: FieldValues;
}

export interface Seal {
  /** RFC 6962 leaf hash, 32 bytes. */
  readonly leaf: Uint8Array;
  readonly salts: FieldValues;
  readonly commitments: FieldValues;
}

/**
 * Makes the leaf of a new line. Each personal field that has a value is covered by a commitment
 * HMAC-SHA-256(salt, "audit/v1/field" 0x00 name 0x00 canonical JSON of the value), so that it can
 * leave without touching the leaf; everything else stands in the leaf as it is.
 *
 * @param newSalt 32 fresh random bytes at each call.
 */
export function sealEntry(hashing: Hashing, line: LeafLine, newSalt: () => Uint8Array): Seal {
  const salts: Record<string, string> = {};
  const commitments: Record<string, string> = {};
  for (const [name, value] of personalValues(line)) {
    const salt = newSalt();
    salts[name] = base64OfBytes(salt);
    commitments[name] = base64OfBytes(commit(hashing, salt, { name, value }));
  }
  return { leaf: hashLeaf(hashing, leafData(line, commitments)), salts, commitments };
}

export type EntryProblem = 'commitment_missing' | 'salt_missing' | 'commitment_differs';

export type LeafOfEntry =
  | {
      readonly ok: true;
      readonly leaf: Uint8Array;
      readonly redacted: boolean;
      /** The canonical JSON of the data, with the people that are still in it. */
      readonly dataText: string;
    }
  | { readonly ok: false; readonly field: string; readonly problem: EntryProblem };

/**
 * Recomputes the leaf from what is left of a line. A personal field that is still there must open
 * its commitment; one that is gone is taken as its commitment says.
 */
export function leafOfEntry(hashing: Hashing, line: SealedLine): LeafOfEntry {
  let present = 0;
  for (const [name, value] of personalValues(line)) {
    present += 1;
    const commitment = line.commitments[name];
    if (commitment === undefined) return { ok: false, field: name, problem: 'commitment_missing' };
    const salt = bytesOfBase64(line.salts?.[name] ?? '');
    if (salt?.length !== 32) return { ok: false, field: name, problem: 'salt_missing' };
    if (base64OfBytes(commit(hashing, salt, { name, value })) !== commitment) {
      return { ok: false, field: name, problem: 'commitment_differs' };
    }
  }
  const texts = dataTexts(line.data);
  const leaf = hashLeaf(hashing, leafText(line, line.commitments, texts.impersonal));
  return { ok: true, leaf, redacted: present < Object.keys(line.commitments).length, dataText: texts.whole };
}

/** The personal fields of a line that have a value, columns first. */
function personalValues(line: LeafLine): readonly (readonly [name: string, value: Json])[] {
  const values: (readonly [string, Json])[] = [];
  for (const name of personalColumns) {
    const value = line[name];
    if (value !== null) values.push([name, value]);
  }
  for (const name in line.data) {
    const value = line.data[name];
    if (value !== undefined && isPersonalDataField(name)) values.push([`data.${name}`, value]);
  }
  return values;
}

function commit(
  hashing: Hashing,
  salt: Uint8Array,
  field: { readonly name: string; readonly value: Json },
): Uint8Array {
  return hashing.hmacSha256(salt, `audit/v1/field\0${field.name}\0${canonicalJson(field.value)}`);
}

/** "audit/v1\n" and the canonical JSON (RFC 8785) of everything that is not personal; members in code unit order. */
export function leafData(line: LeafLine, commitments: FieldValues): string {
  return leafText(line, commitments, dataTexts(line.data).impersonal);
}

function leafText(line: LeafLine, commitments: FieldValues, dataText: string): string {
  return (
    `audit/v1\n{"asset":${text(line.asset)},"cabinet":${text(line.cabinet)},"category":${text(line.category)},` +
    `"commitments":${canonicalJson(commitments)},"data":${dataText},` +
    `"effectiveAt":${text(line.effectiveAt)},"index":${line.index},"kind":${text(line.kind)},` +
    `"logId":${text(line.logId)},"occurredAt":${text(line.occurredAt)},"order":${text(line.order)},` +
    `"recordedAt":${text(line.recordedAt)},"seq":${line.seq},"session":${text(line.session)},` +
    `"site":${text(line.site)},"source":${text(line.source)},"status":${text(line.status)},"tenant":${text(line.tenant)}}`
  );
}

function text(value: string | null): string {
  return value === null ? 'null' : JSON.stringify(value);
}

/** The canonical JSON of the data whole, and without the people in it; mostly they are the same. */
function dataTexts(data: LeafLine['data']): { readonly whole: string; readonly impersonal: string } {
  const members: Record<string, string> = Object.create(null);
  const impersonal: Record<string, string> = Object.create(null);
  let isClean = true;
  for (const name in data) {
    const value = data[name];
    if (value === undefined) continue;
    members[name] = canonicalJson(value);
    if (isPersonalDataField(name)) isClean = false;
    else impersonal[name] = members[name];
  }
  const whole = canonicalObject(members);
  return { whole, impersonal: isClean ? whole : canonicalObject(impersonal) };
}
