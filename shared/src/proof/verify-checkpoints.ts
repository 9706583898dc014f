import { cosignedAt, openCheckpoint, parseCheckpoint } from './checkpoint.js';
import type { ExportHeader } from './export-format.js';
import type { ExportProblemCode } from './export-problem.js';
import type { Hashing, VerifyEd25519 } from './hashing.js';
import { equalBytes } from './merkle.js';
import { type NoteKey, noteKeyTypes, parseNote, parseNoteKey, signaturesBy } from './signed-note.js';

/** A checkpoint that the reader has kept, or has from a cabinet. */
export interface TrustedCheckpoint {
  readonly note: string;
  readonly size: number;
}

/** What the reader trusts, from elsewhere than the export. */
export interface Trusted {
  /** Keys of the log and of witnesses. */
  readonly keys: readonly NoteKey[];
  readonly checkpoints: readonly TrustedCheckpoint[];
}

export interface Signatures {
  readonly origin: string | null;
  /** Whether the key of the log came from the reader: the export alone can only vouch for itself. */
  readonly keyIsTrusted: boolean;
  /** Who cosigned, and when. */
  readonly witnesses: readonly { readonly name: string; readonly at: string; readonly isTrusted: boolean }[];
  /** Kept checkpoints that the trail was found to agree with. */
  readonly agreed: number;
}

interface Context {
  readonly header: ExportHeader | undefined;
  /** Entries that the file accounts for. */
  readonly size: number;
  /** The computed roots by size. */
  readonly roots: ReadonlyMap<number, Uint8Array>;
  readonly trusted: Trusted;
  readonly hashing: Hashing;
  readonly verify: VerifyEd25519;
}

type Report = (code: ExportProblemCode, index: number | null, detail?: string) => void;

/** A kept checkpoint as it is read from its file; undefined when that is no checkpoint. */
export function trustedCheckpoint(note: string): TrustedCheckpoint | undefined {
  const parsed = parseNote(note);
  const checkpoint = parsed === undefined ? undefined : parseCheckpoint(parsed.text);
  return checkpoint === undefined ? undefined : { note, size: checkpoint.size };
}

/** Checks the checkpoint of the export, its cosignatures, and the kept checkpoints against the computed roots. */
export async function verifyCheckpoints(context: Context, report: Report): Promise<Signatures> {
  const { header } = context;
  if (header === undefined) return { origin: null, keyIsTrusted: false, witnesses: [], agreed: 0 };
  const { logKeys, isTrusted } = keysOfLog(context, header);
  const root = await openByAny(context, header.checkpoint, logKeys);
  if (root === undefined || root.size !== header.size) report('checkpoint_unsigned', null);
  else if (context.size === header.size && !sameRoot(context, root)) report('root_differs', null);
  const witnesses = await verifyWitnesses(context, header, report);
  let agreed = 0;
  for (const kept of context.trusted.checkpoints) if (await agrees(context, { kept, logKeys }, report)) agreed += 1;
  return { origin: logKeys[0]?.name ?? null, keyIsTrusted: isTrusted, witnesses, agreed };
}

/** The reader's keys where there are any of this log, else those that the export itself names. */
function keysOfLog(
  { trusted, hashing }: Context,
  header: ExportHeader,
): { readonly logKeys: readonly NoteKey[]; readonly isTrusted: boolean } {
  const given = trusted.keys.filter(({ type }) => type === noteKeyTypes.ed25519);
  if (given.length > 0) return { logKeys: given, isTrusted: true };
  return { logKeys: keysIn(hashing, header.logKeys, noteKeyTypes.ed25519), isTrusted: false };
}

function keysIn(hashing: Hashing, texts: readonly string[], type: NoteKey['type']): readonly NoteKey[] {
  return texts.flatMap((text) => {
    const key = parseNoteKey(hashing, text);
    return key?.type === type ? [key] : [];
  });
}

async function openByAny({ verify }: Context, note: string, keys: readonly NoteKey[]) {
  for (const key of keys) {
    const checkpoint = await openCheckpoint(verify, note, key);
    if (checkpoint !== undefined) return checkpoint;
  }
  return undefined;
}

function sameRoot({ roots }: Context, { size, root }: { readonly size: number; readonly root: Uint8Array }): boolean {
  const computed = roots.get(size);
  return computed !== undefined && equalBytes(computed, root);
}

async function verifyWitnesses(
  { trusted, hashing, verify }: Context,
  header: ExportHeader,
  report: Report,
): Promise<Signatures['witnesses']> {
  const given = trusted.keys.filter(({ type }) => type === noteKeyTypes.cosignature);
  const named = keysIn(hashing, header.witnessKeys, noteKeyTypes.cosignature);
  const note = parseNote(header.checkpoint);
  const log = note?.text.split('\n', 1)[0];
  const witnesses = [];
  for (const { name, keyId } of note?.signatures ?? []) {
    if (name === log) continue;
    const isBy = (key: NoteKey): boolean => key.name === name && equalBytes(key.id, keyId);
    const key = given.find(isBy) ?? named.find(isBy);
    const at = key === undefined ? undefined : await cosignedAt(verify, header.checkpoint, key);
    if (at === undefined || key === undefined) report('cosignature_wrong', null, name);
    else witnesses.push({ name, at: new Date(at * 1000).toISOString(), isTrusted: given.includes(key) });
  }
  return witnesses;
}

async function agrees(
  context: Context,
  { kept, logKeys }: { readonly kept: TrustedCheckpoint; readonly logKeys: readonly NoteKey[] },
  report: Report,
): Promise<boolean> {
  const opened = await openByAny(context, kept.note, logKeys);
  const note = parseNote(kept.note);
  const cosigners = context.trusted.keys.filter(({ type }) => type === noteKeyTypes.cosignature);
  for (const key of note === undefined ? [] : cosigners) {
    if (note !== undefined && signaturesBy(note, key).length > 0) {
      if ((await cosignedAt(context.verify, kept.note, key)) === undefined) report('cosignature_wrong', null, key.name);
    }
  }
  if (opened === undefined) report('earlier_checkpoint_unsigned', null, `size ${kept.size}`);
  else if (opened.size > context.size) report('cut_off', context.size, `it covers ${opened.size} entries`);
  else if (!context.roots.has(opened.size)) report('not_comparable', null, `size ${opened.size}`);
  else if (!sameRoot(context, opened)) report('earlier_checkpoint_differs', null, `size ${opened.size}`);
  else return true;
  return false;
}
