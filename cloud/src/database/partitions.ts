import { connect } from './connect.js';

/** Months that stand ready ahead of the current one. */
const monthsAhead = 2;
/** The current month and this many before it stay, also when nothing is in them. */
const monthsKept = 1;

/**
 * Makes the partitions of the trail for this month and the next ones, moves into them what the
 * default partition holds of these months, and drops past ones that retention has emptied.
 */
export async function ensurePartitions(url: string, wallMs: number): Promise<void> {
  const client = await connect(url);
  try {
    for (let ahead = 0; ahead <= monthsAhead; ahead++) {
      await client.query('select ensure_entry_partition($1::timestamptz)', [monthAt(wallMs, ahead)]);
    }
    await client.query('select drop_empty_entry_partitions($1::timestamptz)', [monthAt(wallMs, -monthsKept)]);
  } finally {
    await client.end();
  }
}

/** The beginning of a month in UTC, counted from the one of `wallMs`. */
function monthAt(wallMs: number, offset: number): string {
  const now = new Date(wallMs);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString();
}
