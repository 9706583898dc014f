import type { CheckpointView } from '@tagtrail/shared/api/proof.js';
import { type ExportHeader, exportFormat } from '@tagtrail/shared/proof/export-format.js';
import { type Clock, sleep } from '@tagtrail/shared/time/clock.js';
import { ApiProblem } from '../api/problem.js';
import { readCheckpoint } from '../proof/read-checkpoints.js';
import { readWitnessKeys } from '../proof/witness-keys.js';
import { sql, type Tx } from '../store/sql.js';
import { exportPage } from './export-page.js';
import type { PreparedExport } from './prepare-export.js';

/** One read-only transaction of the customer. */
export type Read = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** Entries that are read at once; whole tiles. */
const pageSize = 2_048;
const askEveryMs = 100;
const askTimes = 150;

/**
 * The checkpoint that covers the export's own line; it is signed within two seconds.
 * @throws ApiProblem `trail-unsigned` when nobody signs.
 */
export async function awaitCheckpoint(read: Read, prepared: PreparedExport, clock: Clock): Promise<CheckpointView> {
  const { tenant, custodyAt } = prepared;
  for (let time = 0; time < askTimes; time++) {
    const sealed = await read((tx) => readCheckpoint(tx, tenant));
    if (sealed.size >= custodyAt) return sealed;
    await sleep(clock, 'export checkpoint', askEveryMs);
  }
  throw new ApiProblem('trail-unsigned', 'The trail has lines that nobody signs.');
}

/** The file, a piece at a time; each piece ends with a line feed. */
export async function* writeExport(
  read: Read,
  prepared: PreparedExport,
  checkpoint: CheckpointView,
): AsyncGenerator<string> {
  const { tenant, custody } = prepared;
  const { size } = checkpoint;
  yield textOf(
    [await read((tx) => headerOf(tx, prepared, checkpoint)), ...custody].map((line) => JSON.stringify(line)),
  );
  let entries = 0;
  let withheld = 0;
  for (let from = 0; from < size; from += pageSize) {
    const range = { from, to: Math.min(size, from + pageSize) };
    const page = await read((tx) => exportPage(tx, { ...prepared, tenant }, range));
    entries += page.entries;
    withheld += page.withheld;
    yield textOf(page.lines);
  }
  yield textOf([JSON.stringify({ type: 'end', entries, withheld })]);
}

function textOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

async function headerOf(tx: Tx, prepared: PreparedExport, { size, note }: CheckpointView): Promise<ExportHeader> {
  const { tenant, exportedAt, filter, person, expiredBefore, custodyAt } = prepared;
  const keys = await tx.$queryRaw<{ note_key: string }[]>(
    sql`select note_key from log_key where tenant_id = ${tenant}::uuid order by since_size desc, added_at desc`,
  );
  return {
    ...{ type: 'header', format: exportFormat, tenant, exportedAt, filter, person, expiredBefore, size, custodyAt },
    logKeys: keys.map(({ note_key }) => note_key),
    witnessKeys: [...(await readWitnessKeys(tx, tenant, size))],
    checkpoint: note,
  };
}
