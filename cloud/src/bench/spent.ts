import { readFile } from 'node:fs/promises';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { connect } from '../database/connect.js';

/** What a number of events took; all in microseconds for each of them. */
export interface Spent {
  readonly events: number;
  readonly us: {
    readonly elapsed: number;
    /** Processor time of this process. */
    readonly process: number;
    /** Processor time of the sessions that the database serves; null where the system does not tell (only Linux does). */
    readonly database: number | null;
  };
}

/** Runs `work` on a heap without garbage; the sessions that do it must be open before and after. */
export async function measured(adminUrl: string, events: number, work: () => Promise<void>): Promise<Spent> {
  globalThis.gc?.();
  const admin = await connect(adminUrl);
  const databaseUs = async (): Promise<number | null> => {
    const { rows } = await admin.query<{ pid: number }>(
      `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    const each = await Promise.all(rows.map(({ pid }) => processorUs(pid)));
    return each.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  };
  const databaseBefore = await databaseUs();
  const before = process.cpuUsage();
  const began = systemClock.monotonicMs();
  await work();
  const elapsedUs = (systemClock.monotonicMs() - began) * 1000;
  const { user, system } = process.cpuUsage(before);
  const databaseAfter = await databaseUs();
  await admin.end();
  const ofEach = (us: number): number => Math.round(us / events);
  const database = databaseBefore === null || databaseAfter === null ? null : ofEach(databaseAfter - databaseBefore);
  return { events, us: { elapsed: ofEach(elapsedUs), process: ofEach(user + system), database } };
}

/** proc(5), `/proc/PID/stat`: user and system time are fields 14 and 15, in ticks of 10 ms. */
async function processorUs(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name in parentheses may hold spaces; the fields after it begin with the third.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
