import { leafOfEntry } from '@tagtrail/shared/proof/entry-leaf.js';
import { createFrontier, equalBytes, verifyConsistency } from '@tagtrail/shared/proof/merkle.js';
import { consistencyPlan } from '@tagtrail/shared/proof/proof-plan.js';
import { growTiles, rangeHash, type TileOf } from '@tagtrail/shared/proof/tiles.js';
import { checkerHashing } from './checker-hashing.js';
import type { AuditRecord, Checker, RunRecord, SignedCheckpoint } from './run-record.js';

/**
 * The roots are computed anew from the leaves, not from the tiles that the cloud grew. A cabinet's copy
 * that today's log does not continue is allowed in one case: the cabinet has refused that log, on the record.
 */
export const auditHolds: Checker = {
  id: 'I8',
  sentence:
    'audit: each committed event has one leaf, each checkpoint continues the earlier ones and every copy of them',
  check: (run) => {
    const { lines, checkpoints } = run.audit;
    const beyond = checkpoints.filter(({ size }) => size > lines.length);
    if (beyond.length > 0) return beyond.map(({ size }) => `${size} leaves are signed, there are ${lines.length}`);
    return [...leafProblems(run), ...checkpointProblems(run.audit), ...copyProblems(run)];
  },
};

function leafProblems({ committed, audit }: RunRecord): readonly string[] {
  const { lines } = audit;
  if (lines.length !== committed.length) return [`${committed.length} committed events have ${lines.length} leaves`];
  return lines.flatMap(({ line, leaf }, index) => {
    const entry = committed[index];
    if (line.index !== index) return [`the leaf at ${index} is that of index ${line.index}`];
    if (line.logId !== entry?.logId || line.seq !== entry.seq) return [`the leaf at ${index} is that of another event`];
    const found = leafOfEntry(checkerHashing, line);
    if (!found.ok) return [`line ${index}: ${found.field} ${found.problem}`];
    return equalBytes(found.leaf, leaf) ? [] : [`line ${index} is not what its leaf covers`];
  });
}

function checkpointProblems({ lines, checkpoints }: AuditRecord): readonly string[] {
  const frontier = createFrontier(checkerHashing);
  const problems: string[] = [];
  for (const { size, root } of checkpoints) {
    if (size <= frontier.size && frontier.size > 0) problems.push(`the size ${size} was signed after ${frontier.size}`);
    for (const { leaf } of lines.slice(frontier.size, size)) frontier.push(leaf);
    if (!equalBytes(frontier.root(), root)) problems.push(`the root of ${size} leaves is not the signed one`);
  }
  const newest = checkpoints.at(-1);
  if (newest === undefined) return problems;
  const tileOf = tilesOf(lines.map(({ leaf }) => leaf));
  const broken = checkpoints.filter((checkpoint) => !isContinued(tileOf, checkpoint, newest));
  return [...problems, ...broken.map(({ size }) => `the newest checkpoint does not continue that of ${size}`)];
}

function copyProblems({ audit, journal }: RunRecord): readonly string[] {
  const { lines, checkpoints, copies, refusedCosignatures } = audit;
  const problems = refusedCosignatures === 0 ? [] : [`${refusedCosignatures} cosignatures are not the cabinet's`];
  if (journal.events.some(({ kind }) => kind === 'checkpoint.refused')) return problems;
  const newest = checkpoints.at(-1);
  const tileOf = tilesOf(lines.map(({ leaf }) => leaf));
  const lost = copies.filter((copy) => newest === undefined || !isContinued(tileOf, copy, newest));
  return [...problems, ...lost.map(({ size }) => `the log does not continue the cabinet's copy of ${size} leaves`)];
}

function isContinued(tileOf: TileOf, before: SignedCheckpoint, after: SignedCheckpoint): boolean {
  if (before.size > after.size) return false;
  return verifyConsistency(checkerHashing, {
    ...{ size1: BigInt(before.size), root1: before.root, size2: BigInt(after.size), root2: after.root },
    path: consistencyPlan(before.size, after.size).map((range) => rangeHash(checkerHashing, tileOf, range)),
  });
}

function tilesOf(leaves: readonly Uint8Array[]): TileOf {
  const tiles = growTiles(checkerHashing, { size: 0, tileOf: () => undefined }, leaves);
  const found = new Map(tiles.map(({ level, index, hashes }) => [`${level}/${index}`, hashes]));
  return (level, index) => found.get(`${level}/${index}`);
}
