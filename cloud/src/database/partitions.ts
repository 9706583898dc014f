import { connect } from './connect.js';

/** Months that stand ready ahead of the current one. */
const monthsAhead = 2;

/** Makes the partitions of the trail for this month and the next ones. */
export async function ensurePartitions(url: string, wallMs: number): Promise<void> {
  const client = await connect(url);
  try {
    const now = new Date(wallMs);
    for (let ahead = 0; ahead <= monthsAhead; ahead++) {
      const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
      await client.query('select ensure_entry_partition($1::timestamptz)', [month.toISOString()]);
    }
  } finally {
    await client.end();
  }
}
