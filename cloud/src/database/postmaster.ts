import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './run-program.js';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/**
 * The PostgreSQL that runs on the data folder according to its `postmaster.pid` (line 1 is the
 * process, line 4 the port), or undefined when none does. A process id that another program has
 * taken since, as happens after a power cut, does not count.
 */
export async function runningPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return undefined;
  return (await isPostmasterOf(pid, data)) ? { pid, port: Number.isInteger(port) ? port : 0 } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}

async function isPostmasterOf(pid: number, data: string): Promise<boolean> {
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (folder !== undefined) return folder === (await realpath(data).catch(() => data));
  const { output } = await runProgram(['ps', '-o', 'command=', '-p', String(pid)]);
  return output.includes('postgres');
}
