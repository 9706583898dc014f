import { base64OfBytes, bytesOfBase64 } from '../bytes/base64.js';
import { canonicalJson, type Json, sortedKeys } from '../chain/canonical.js';
import type { Hashing } from './hashing.js';
import { hashLeaf } from './merkle.js';
import { isPersonalDataField } from './personal-fields.js';

/**
 * One line of the trail as its leaf covers it, but for its index. Ids are lower-case UUIDs (`logId` 32 hex digits),
 * times ISO 8601 in UTC with milliseconds. What is personal may be null or absent when it was taken out.
 */
export interface LeafContent {
  readonly tenant: string;
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

/** One line of the trail as its leaf covers it. */
export interface LeafLine extends LeafContent {
  readonly index: number;
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

/** All of a leaf but the index of its line, and the texts that were made on the way. */
export interface PreparedSeal {
  /** Canonical JSON (RFC 8785) of the data, whole, with the people in it. */
  readonly data: string;
  /** Canonical JSON. */
  readonly origin: string | null;
  /** Canonical JSON of `FieldValues`. */
  readonly salts: string;
  /** Canonical JSON of `FieldValues`. */
  readonly commitments: string;
  /** What the leaf covers before and after the index. */
  readonly before: string;
  readonly after: string;
}

/**
 * Makes all of the leaf of a new line but what its index decides. Each personal field that has a value is covered by a
 * commitment HMAC-SHA-256(salt, "audit/v1/field" 0x00 name 0x00 canonical JSON of the value), so that it can
 * leave without touching the leaf; everything else stands in the leaf as it is.
 *
 * @param newSalt 32 fresh random bytes at each call.
 */
export function prepareSeal(hashing: Hashing, line: LeafContent, newSalt: () => Uint8Array): PreparedSeal {
  let salts = '';
  let commitments = '';
  const data = dataTexts(line.data);
  const personal = personalTexts(line, data);
  for (const { name, value } of personal.fields) {
    const salt = newSalt();
    // The names are our own and base64 needs no escape.
    const member = `${salts === '' ? '' : ','}"${name}":"`;
    salts += `${member}${base64OfBytes(salt)}"`;
    commitments += `${member}${base64OfBytes(commit(hashing, salt, { name, value }))}"`;
  }
  commitments = `{${commitments}}`;
  return {
    data: data.whole,
    origin: personal.origin,
    salts: `{${salts}}`,
    commitments,
    before: textBefore(line, { commitments, data: data.impersonal }),
    after: textAfter(line),
  };
}

/** The RFC 6962 leaf hash (32 bytes) of a prepared line at its place in the trail. */
export function leafAt(hashing: Hashing, { before, after }: PreparedSeal, index: number): Uint8Array {
  return hashLeaf(hashing, `${before}${index}${after}`);
}

/** The leaf of a line whose index is known already. */
export function sealEntry(hashing: Hashing, line: LeafLine, newSalt: () => Uint8Array): Seal {
  const prepared = prepareSeal(hashing, line, newSalt);
  const salts = JSON.parse(prepared.salts) as FieldValues;
  const commitments = JSON.parse(prepared.commitments) as FieldValues;
  return { leaf: leafAt(hashing, prepared, line.index), salts, commitments };
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
  const data = dataTexts(line.data);
  const { fields } = personalTexts(line, data);
  for (const { name, value } of fields) {
    const commitment = line.commitments[name];
    if (commitment === undefined) return { ok: false, field: name, problem: 'commitment_missing' };
    const salt = bytesOfBase64(line.salts?.[name] ?? '');
    if (salt?.length !== 32) return { ok: false, field: name, problem: 'salt_missing' };
    if (base64OfBytes(commit(hashing, salt, { name, value })) !== commitment) {
      return { ok: false, field: name, problem: 'commitment_differs' };
    }
  }
  const leaf = hashLeaf(hashing, leafText(line, line.commitments, data.impersonal));
  return { ok: true, leaf, redacted: fields.length < Object.keys(line.commitments).length, dataText: data.whole };
}

/** A field with the canonical JSON of its value. */
interface FieldText {
  readonly name: string;
  readonly value: string;
}

/** The personal fields of a line that have a value, by name, and among them the text of the origin. */
function personalTexts(
  { actor, chain, counterpart, origin }: LeafContent,
  data: DataTexts,
): { readonly fields: readonly FieldText[]; readonly origin: string | null } {
  const fields: FieldText[] = [];
  if (actor !== null) fields.push({ name: 'actor', value: JSON.stringify(actor) });
  if (chain !== null) fields.push({ name: 'chain', value: JSON.stringify(chain) });
  if (counterpart !== null) fields.push({ name: 'counterpart', value: JSON.stringify(counterpart) });
  for (const field of data.personal) fields.push(field);
  const originText = origin === null ? null : canonicalJson(origin);
  if (originText !== null) fields.push({ name: 'origin', value: originText });
  return { fields, origin: originText };
}

function commit(hashing: Hashing, salt: Uint8Array, { name, value }: FieldText): Uint8Array {
  return hashing.hmacSha256(salt, `audit/v1/field\0${name}\0${value}`);
}

/** "audit/v1\n" and the canonical JSON (RFC 8785) of everything that is not personal; members in code unit order. */
export function leafData(line: LeafLine, commitments: FieldValues): string {
  return leafText(line, commitments, dataTexts(line.data).impersonal);
}

function leafText(line: LeafLine, commitments: FieldValues, data: string): string {
  return `${textBefore(line, { commitments: canonicalJson(commitments), data })}${line.index}${textAfter(line)}`;
}

function textBefore(
  line: LeafContent,
  { commitments, data }: { readonly commitments: string; readonly data: string },
): string {
  return (
    `audit/v1\n{"asset":${text(line.asset)},"cabinet":${text(line.cabinet)},"category":${text(line.category)},` +
    `"commitments":${commitments},"data":${data},"effectiveAt":${text(line.effectiveAt)},"index":`
  );
}

function textAfter(line: LeafContent): string {
  return (
    `,"kind":${text(line.kind)},"logId":${text(line.logId)},"occurredAt":${text(line.occurredAt)},` +
    `"order":${text(line.order)},"recordedAt":${text(line.recordedAt)},"seq":${line.seq},` +
    `"session":${text(line.session)},"site":${text(line.site)},"source":${text(line.source)},` +
    `"status":${text(line.status)},"tenant":${text(line.tenant)}}`
  );
}

function text(value: string | null): string {
  return value === null ? 'null' : JSON.stringify(value);
}

/** The canonical JSON of the data whole, and without the people in it; mostly they are the same. */
interface DataTexts {
  readonly whole: string;
  readonly impersonal: string;
  /** The people in it, by name. */
  readonly personal: readonly FieldText[];
}

function dataTexts(data: LeafContent['data']): DataTexts {
  let whole = '';
  let impersonal = '';
  const personal: FieldText[] = [];
  for (const name of sortedKeys(data)) {
    const member = data[name];
    if (member === undefined) continue;
    const value = canonicalJson(member);
    const pair = `${JSON.stringify(name)}:${value}`;
    whole += whole === '' ? pair : `,${pair}`;
    if (isPersonalDataField(name)) personal.push({ name: `data.${name}`, value });
    else impersonal += impersonal === '' ? pair : `,${pair}`;
  }
  return { whole: `{${whole}}`, impersonal: `{${impersonal}}`, personal };
}
