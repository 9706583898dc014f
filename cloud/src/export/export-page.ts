import { base64OfBytes } from '@tagtrail/shared/bytes/base64.js';
import type { SubtreesLine } from '@tagtrail/shared/proof/export-format.js';
import type { NodePlace } from '@tagtrail/shared/proof/proof-plan.js';
import { tileWidth } from '@tagtrail/shared/proof/tiles.js';
import { subtreesBetween } from '@tagtrail/shared/proof/tree-builder.js';
import { unexpired } from '../entries/read-entries.js';
import { hashesOf } from '../proof/read-proof.js';
import { visibleLine } from '../proof/visible-line.js';
import { type LineRow, lineColumns, storedLine } from '../store/read-lines.js';
import { sql, type Tx } from '../store/sql.js';
import type { PreparedExport } from './prepare-export.js';

/** Entries `from .. to` (exclusive). */
export interface PageRange {
  readonly from: number;
  readonly to: number;
}

/** One step of a page: an entry that is shown, or entries of one tile that are not. */
type Step =
  | { readonly kind: 'entry'; readonly row: LineRow }
  | { readonly kind: 'left_out'; readonly reason: SubtreesLine['reason']; readonly from: number; readonly to: number };

/** Each tile is a level-8 subtree of the tree. */
const tileLevel = 8;

/** The lines of the file for a part of the trail that is sealed; `from` is a multiple of the tile width. */
export async function exportPage(tx: Tx, prepared: PreparedExport, range: PageRange): Promise<ExportedPage> {
  const steps = await readSteps(tx, prepared, range);
  const ends = tilesShown(steps, range);
  const nodes = [
    ...steps.flatMap((step) => (step.kind === 'left_out' ? subtreesBetween(step.from, step.to) : [])),
    ...ends.map((index): NodePlace => ({ level: tileLevel, index })),
  ];
  const hashes = await hashesOf(
    tx,
    prepared.tenant,
    nodes.map((node) => [node]),
  );
  const hashAt = new Map(
    nodes.map(({ level, index }, at) => [`${level}/${index}`, base64OfBytes(hashes[at] as Uint8Array)]),
  );
  return render(prepared, { steps, tiles: new Set(ends), hashAt });
}

export interface ExportedPage {
  readonly lines: readonly string[];
  readonly entries: number;
  readonly withheld: number;
}

async function readSteps(tx: Tx, { tenant, shown, cutoffs }: PreparedExport, { from, to }: PageRange) {
  const range = sql`e.tenant_id = ${tenant}::uuid and e.index >= ${from} and e.index < ${to}`;
  const rows = await tx.$queryRaw<LineRow[]>(
    sql`select ${lineColumns} from entry e where ${range} and ${shown} order by e.index`,
  );
  const hidden = await tx.$queryRaw<{ index: bigint; is_expired: boolean }[]>(sql`
    select e.index, not (${unexpired(cutoffs)}) as is_expired from entry e where ${range} and ${shown} is not true`);
  const rowAt = new Map(rows.map((row) => [Number(row.index), row]));
  const expiryAt = new Map(hidden.map((row) => [Number(row.index), row.is_expired]));
  const steps: Step[] = [];
  for (let index = from; index < to; index++) {
    const row = rowAt.get(index);
    const expiry = expiryAt.get(index);
    const reason = expiry === undefined ? 'absent' : expiry ? 'expired' : 'filtered';
    const last = steps.at(-1);
    if (row !== undefined) steps.push({ kind: 'entry', row });
    else if (last?.kind === 'left_out' && last.reason === reason && index % tileWidth !== 0) {
      steps[steps.length - 1] = { ...last, to: index + 1 };
    } else steps.push({ kind: 'left_out', reason, from: index, to: index + 1 });
  }
  return steps;
}

/** The tiles that end in the range and of which something is shown. */
function tilesShown(steps: readonly Step[], { to }: PageRange): readonly number[] {
  const tiles = steps.flatMap((step) =>
    step.kind === 'entry' ? [Math.floor(Number(step.row.index) / tileWidth)] : [],
  );
  return [...new Set(tiles)].filter((tile) => (tile + 1) * tileWidth <= to);
}

function render(
  { cutoffs }: PreparedExport,
  page: {
    readonly steps: readonly Step[];
    readonly tiles: ReadonlySet<number>;
    readonly hashAt: ReadonlyMap<string, string>;
  },
): ExportedPage {
  const lines: string[] = [];
  let entries = 0;
  let withheld = 0;
  for (const step of page.steps) {
    let end: number;
    if (step.kind === 'entry') {
      lines.push(JSON.stringify({ type: 'entry', ...visibleLine(storedLine(step.row), cutoffs) }));
      entries += 1;
      end = Number(step.row.index) + 1;
    } else {
      const { from, to, reason } = step;
      const hashes = subtreesBetween(from, to).map(({ level, index }) => page.hashAt.get(`${level}/${index}`));
      lines.push(JSON.stringify({ type: 'subtrees', reason, from, to, hashes }));
      withheld += to - from;
      end = to;
    }
    const tile = end / tileWidth - 1;
    if (page.tiles.has(tile)) {
      lines.push(JSON.stringify({ type: 'tile', index: tile, hash: page.hashAt.get(`${tileLevel}/${tile}`) }));
    }
  }
  return { lines, entries, withheld };
}
