import { randomBytes as systemBytes } from 'node:crypto';
import { assert } from '@tagtrail/shared/assert.js';
import { checkpointText } from '@tagtrail/shared/proof/checkpoint.js';
import { type SealedLine, sealEntry } from '@tagtrail/shared/proof/entry-leaf.js';
import { signNote } from '@tagtrail/shared/proof/signed-note.js';
import { createTreeBuilder } from '@tagtrail/shared/proof/tree-builder.js';
import { type TrustedCheckpoint, trustedCheckpoint } from '@tagtrail/shared/proof/verify-checkpoints.js';
import { below, type Random } from '@tagtrail/shared/random/random.js';
import { nodeHashing } from '../store/hashing.js';
import type { ExportedTrail } from './exported-trail.js';

/** An export that somebody has edited, and what its reader has kept meanwhile. */
export interface Tampered {
  readonly lines: readonly string[];
  readonly kept: readonly TrustedCheckpoint[];
}

type Value = null | boolean | number | string | Value[] | { [name: string]: Value };
type Line = { [name: string]: Value };

/** Attacks on an export by name. Those that end in "and signs" have the key of the log as well. */
export const attacks: Readonly<Record<string, (trail: ExportedTrail, random: Random) => Tampered>> = {
  'edits a field': edited((line, random) => editMember(line, random, (name) => name !== 'type' && name !== 'data')),
  'edits a member of the data': edited((line, random) => editMember(line['data'] as Line, random, () => true)),
  'adds a member to the data': edited((line, random) => {
    (line['data'] as Line)[`x${random.uint32()}`] = 1;
  }),
  'replaces a salt': edited((line, random) => editMember(line['salts'] as Line, random, () => true), hasSalts),
  'replaces a commitment': edited(
    (line, random) => editMember(line['commitments'] as Line, random, () => true),
    hasSalts,
  ),
  'takes one person out and leaves the rest': edited(
    (line) => {
      line['actor'] = null;
      delete (line['salts'] as Line)['actor'];
    },
    (line) => hasSalts(line) && line['actor'] !== null,
  ),
  'edits a field and its leaf': edited((line, random) => {
    editMember(line['data'] as Line, random, () => true);
    line['leaf'] = resealed(line).leaf;
  }),
  'edits a hash in a tile line': edited((line, random) => editMember(line, random, (name) => name === 'hash'), isTile),
  'edits the header': (trail, random) =>
    changed(trail, (lines) => editMember(lines[0] as Line, random, (name) => !/Keys$/.test(name))),
  'edits the custody': edited((line, random) => editMember(line, random, () => true), isCustody),
  'deletes a custody': removed(isCustody),
  'deletes an entry': removed(isEntry),
  'deletes a line that is no entry': removed((line) => !isEntry(line) && line['type'] !== 'tile'),
  'doubles an entry': (trail, random) =>
    changed(trail, (lines) => {
      const at = pick(lines, random, isEntry);
      lines.splice(at, 0, structuredClone(lines[at] as Line));
    }),
  'inserts an entry': (trail, random) =>
    changed(trail, (lines) => {
      const at = pick(lines, random, isEntry);
      const line = structuredClone(lines[at] as Line);
      (line['data'] as Line)['name'] = 'Inserted';
      lines.splice(at, 0, { ...line, ...resealed(line) });
      renumber(lines);
    }),
  'swaps two entries': (trail, random) => changed(trail, (lines) => swap(lines, pickTwo(lines, random))),
  'swaps the indexes of two entries': (trail, random) =>
    changed(trail, (lines) => {
      const [a, b] = pickTwo(lines, random);
      const [first, second] = [lines[a] as Line, lines[b] as Line];
      [first['index'], second['index']] = [second['index'] as Value, first['index'] as Value];
      swap(lines, [a, b]);
    }),
  'cuts the end off': (trail, random) =>
    changed(trail, (lines) => void lines.splice(1 + below(random, lines.length - 1))),
  'cuts the end off and closes the file': (trail, random) =>
    changed(trail, (lines) => {
      lines.splice(pick(lines, random, isEntry), lines.length);
      const entries = lines.filter(isEntry).length;
      lines.push({ type: 'end', entries, withheld: 0 });
    }),
  'says that retention deleted an entry': hidden('absent'),
  'says that an entry has expired': hidden('expired'),
  'says that the first entry has expired': hidden('expired', (line) => line['index'] === 0),
  'says that an entry was not asked for': hidden('filtered'),
  'edits the kept checkpoint': (trail, random) => {
    const at = below(random, trail.note.length);
    const note = `${trail.note.slice(0, at)}${trail.note[at] === 'x' ? 'y' : 'x'}${trail.note.slice(at + 1)}`;
    // A file that is no checkpoint any more is refused before anything is compared.
    return { lines: trail.lines, kept: [trustedCheckpoint(note) ?? { note, size: 1 }] };
  },
  'shows an older state': (trail) => ({ lines: trail.earlier, kept: keptOf(trail) }),
  'edits an entry and signs': (trail, random) =>
    signed(trail, (lines) => {
      const at = pick(lines, random, isEntry);
      editMember((lines[at] as Line)['data'] as Line, random, () => true);
    }),
  'deletes an entry and signs': (trail, random) =>
    signed(trail, (lines) => {
      lines.splice(pick(lines, random, isEntry), 1);
    }),
  'cuts the end off and signs': (trail, random) =>
    signed(trail, (lines) => {
      const last = lines.filter(isEntry).length - 1 - below(random, 20);
      const from = lines.findIndex((line) => line['index'] === last);
      lines.splice(from, lines.length - from - 1);
    }),
  'back-dates an event and signs, before anybody kept a checkpoint': (trail, random) => ({
    ...signed(trail, (lines) => {
      const line = lines[pick(lines, random, (candidate) => candidate['source'] === 'cabinet')] as Line;
      line['occurredAt'] = new Date(Date.parse(String(line['occurredAt'])) - 3_600_000).toISOString();
    }),
    kept: [],
  }),
};

function edited(
  edit: (line: Line, random: Random) => void,
  which: (line: Line) => boolean = isEntry,
): (trail: ExportedTrail, random: Random) => Tampered {
  return (trail, random) => changed(trail, (lines) => edit(lines[pick(lines, random, which)] as Line, random));
}

function removed(which: (line: Line) => boolean): (trail: ExportedTrail, random: Random) => Tampered {
  return (trail, random) => changed(trail, (lines) => void lines.splice(pick(lines, random, which), 1));
}

function hidden(
  reason: string,
  which: (line: Line) => boolean = isEntry,
): (trail: ExportedTrail, random: Random) => Tampered {
  return (trail, random) =>
    changed(trail, (lines) => {
      const at = pick(lines, random, which);
      const { index, leaf } = lines[at] as { index: number; leaf: string };
      lines[at] = { type: 'subtrees', reason, from: index, to: index + 1, hashes: [leaf] };
      const end = lines.at(-1) as { entries: number; withheld: number };
      end.entries -= 1;
      end.withheld += 1;
    });
}

function changed(trail: ExportedTrail, change: (lines: Line[]) => void): Tampered {
  const lines = trail.lines.map((line) => JSON.parse(line) as Line);
  change(lines);
  return { lines: lines.map((line) => JSON.stringify(line)), kept: [] };
}

/** After the change every leaf, the tree and the checkpoint are made again with the key of the log. */
function signed(trail: ExportedTrail, change: (lines: Line[]) => void): Tampered {
  const lines = trail.lines.map((line) => JSON.parse(line) as Line).filter((line) => !isTile(line));
  change(lines);
  renumber(lines);
  const tree = createTreeBuilder(nodeHashing);
  for (const line of lines) {
    if (!isEntry(line)) continue;
    Object.assign(line, resealed(line));
    tree.push(0, Buffer.from(line['leaf'] as string, 'base64'));
  }
  const { size } = tree;
  const header = lines[0] as Line;
  header['size'] = size;
  header['checkpoint'] = signNote(
    checkpointText({ origin: trail.signer.key.name, size, root: tree.root() }),
    trail.signer,
  );
  Object.assign(lines.at(-1) as Line, { entries: size });
  return { lines: lines.map((line) => JSON.stringify(line)), kept: keptOf(trail) };
}

function keptOf(trail: ExportedTrail): readonly TrustedCheckpoint[] {
  const kept = trustedCheckpoint(trail.note);
  assert(kept !== undefined, 'the checkpoint of an export is one');
  return [kept];
}

/** A leaf with new salts, as whoever writes the database could make it. */
function resealed(line: Line): { leaf: string; salts: Line; commitments: Line } {
  const { leaf, salts, commitments } = sealEntry(nodeHashing, line as unknown as SealedLine, () => systemBytes(32));
  return { leaf: Buffer.from(leaf).toString('base64'), salts: { ...salts }, commitments: { ...commitments } };
}

function renumber(lines: readonly Line[]): void {
  for (const [index, line] of lines.filter(isEntry).entries()) line['index'] = index;
}

function isEntry(line: Line): boolean {
  return line['type'] === 'entry';
}

function isCustody(line: Line): boolean {
  return line['type'] === 'custody';
}

function isTile(line: Line): boolean {
  return line['type'] === 'tile';
}

function hasSalts(line: Line): boolean {
  return isEntry(line) && Object.keys((line['salts'] ?? {}) as Line).length > 0;
}

function pick(lines: readonly Line[], random: Random, which: (line: Line) => boolean): number {
  const places = lines.flatMap((line, at) => (which(line) ? [at] : []));
  assert(places.length > 0, 'the trail has such a line');
  return places[below(random, places.length)] as number;
}

function pickTwo(lines: readonly Line[], random: Random): readonly [number, number] {
  const first = pick(lines, random, isEntry);
  return [first, pick(lines, random, (line) => isEntry(line) && line !== lines[first])];
}

function swap(lines: Line[], [a, b]: readonly [number, number]): void {
  [lines[a], lines[b]] = [lines[b] as Line, lines[a] as Line];
}

/** Gives one member of an object another value. */
function editMember(object: Line, random: Random, which: (name: string) => boolean): void {
  const names = Object.keys(object).filter(which);
  const name = names[below(random, Math.max(1, names.length))] ?? 'x';
  object[name] = otherValue(object[name] ?? null, random);
}

function otherValue(value: Value, random: Random): Value {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1 + below(random, 9);
  if (typeof value === 'string' && value !== '') {
    const at = below(random, value.length);
    const other = value[at] === '7' ? '8' : '7';
    return value.slice(0, at) + other + value.slice(at + 1);
  }
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0) {
    const copy = structuredClone(value);
    editMember(copy, random, () => true);
    return copy;
  }
  return Array.isArray(value) ? [...value, 'x'] : 'x';
}
