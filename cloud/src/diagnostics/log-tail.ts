import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fitForLog } from '../app-log/fit-for-log.js';

const fileName = /^cloud-\d{4}-\d{2}-\d{2}\.ndjson$/;
const bytesAtMost = 512 * 1024;
/** What pino writes beside the fields of a line. */
const ofTheLine = ['level', 'time', 'msg', 'role', 'hostname'] as const;

/**
 * The newest lines of the application log in the folder, at most `atMost`, oldest first; none where there is no log.
 * They are looked through once more: a file that somebody else wrote into says nothing of anybody either.
 */
export async function readLogTail(folder: string, atMost: number): Promise<readonly Record<string, unknown>[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => fileName.test(name)).sort();
  const lines: Record<string, unknown>[] = [];
  for (const name of names.reverse()) {
    if (lines.length >= atMost) break;
    lines.unshift(...(await tailOf(join(folder, name))).slice(-(atMost - lines.length)));
  }
  return lines;
}

async function tailOf(path: string): Promise<Record<string, unknown>[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - bytesAtMost);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - from), position: from });
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    // What begins in the middle of a line is no line.
    return lines.slice(from === 0 ? 0 : 1).flatMap(lineOf);
  } finally {
    await file.close();
  }
}

function lineOf(text: string): Record<string, unknown>[] {
  try {
    const line = JSON.parse(text) as Record<string, unknown>;
    const { msg, ...fields } = line;
    const own = Object.fromEntries(ofTheLine.filter((name) => name in fields).map((name) => [name, fields[name]]));
    const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !(name in own)));
    // The event of a line is a code; what is anything else is not of ours.
    return [{ ...own, msg: typeof msg === 'string' && /^[\w.-]+$/.test(msg) ? msg : null, ...fitForLog(rest) }];
  } catch {
    return [];
  }
}
