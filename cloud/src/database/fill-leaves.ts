import { sealEntry } from '@tagtrail/shared/proof/entry-leaf.js';
import { newSalt, nodeHashing } from '../store/hashing.js';
import { type LineRow, lineColumns, storedLine } from '../store/read-lines.js';
import type { DatabaseClient } from './connect.js';

const linesAtOnce = 2_000;

/**
 * Gives leaves to entries that were written before entries had one; answers how many. Runs as the
 * owner, because the runtime role cannot change an entry. Each customer goes in steps of their own
 * transactions, so that a start that is interrupted goes on at the next one.
 */
export async function fillLeaves(owner: DatabaseClient): Promise<number> {
  const { rows } = await owner.query<{ id: string }>('select id::text from tenant order by id');
  let filled = 0;
  for (const { id } of rows) {
    for (let step = linesAtOnce; step === linesAtOnce; ) {
      step = await fillSome(owner, id);
      filled += step;
    }
  }
  return filled;
}

async function fillSome(owner: DatabaseClient, tenant: string): Promise<number> {
  await owner.query('begin');
  try {
    await owner.query(`select set_config('app.tenant', $1, true)`, [tenant]);
    const { rows } = await owner.query<LineRow>(
      `select ${lineColumns.sql} from entry e where e.tenant_id = $1::uuid and e.leaf is null order by e.index limit $2`,
      [tenant, linesAtOnce],
    );
    const sealed = rows.map((row) => {
      const { leaf, salts, commitments } = sealEntry(nodeHashing, storedLine(row), newSalt);
      return { index: Number(row.index), leaf: Buffer.from(leaf).toString('base64'), salts, commitments };
    });
    await owner.query(
      `update entry e set leaf = decode(s.leaf, 'base64'), salts = s.salts, commitments = s.commitments
       from json_to_recordset($2::json) as s (index bigint, leaf text, salts jsonb, commitments jsonb)
       where e.tenant_id = $1::uuid and e.index = s.index`,
      [tenant, JSON.stringify(sealed)],
    );
    await owner.query('commit');
    return rows.length;
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}
