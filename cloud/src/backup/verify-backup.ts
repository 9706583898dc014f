import { AppError } from '@tagtrail/shared/error.js';
import type { z } from 'zod';
import { readBackupFile } from './backup-file.js';
import type { BackupSecret } from './backup-key.js';
import { type BackupManifest, backedUpFile, backupEnd, backupManifest, tableEnd, tableStart } from './manifest.js';

export interface BackupContents {
  readonly manifest: BackupManifest;
  readonly files: readonly z.output<typeof backedUpFile>[];
  /** Rows by table, in the order in which they can be put back. */
  readonly tables: ReadonlyMap<string, number>;
  readonly rows: number;
}

/**
 * Reads a backup from its first to its last byte and answers what it holds, so that nothing is
 * touched for a backup that turns out to be damaged half-way.
 * @throws AppError with a `backup.*` code.
 */
export async function verifyBackup(path: string, secret: BackupSecret): Promise<BackupContents> {
  let manifest: BackupManifest | undefined;
  let end: z.output<typeof backupEnd> | undefined;
  let open: string | undefined;
  const files: z.output<typeof backedUpFile>[] = [];
  const tables = new Map<string, number>();
  for await (const { kind, payload } of readBackupFile(path, secret)) {
    if (kind === 'manifest') manifest = parseRecord(backupManifest, payload);
    else if (kind === 'file') files.push(parseRecord(backedUpFile, payload));
    else if (kind === 'table') open = parseRecord(tableStart, payload).name;
    else if (kind === 'table end') tables.set(open ?? '', parseRecord(tableEnd, payload).rows);
    else if (kind === 'end') end = parseRecord(backupEnd, payload);
  }
  const rows = [...tables.values()].reduce((sum, count) => sum + count, 0);
  if (manifest === undefined || end?.rows !== rows || end.tables !== tables.size) throw unbalanced();
  return { manifest, files, tables, rows };
}

/** @throws AppError `backup.unbalanced` for a record that this program did not write. */
export function parseRecord<S extends z.ZodType>(schema: S, payload: Uint8Array): z.output<S> {
  try {
    return schema.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
  } catch (error) {
    throw unbalanced(error);
  }
}

function unbalanced(cause?: unknown): AppError {
  return new AppError('backup.unbalanced', 'The backup says of itself what is not in it. Take another one.', {
    kind: 'operator',
    cause,
  });
}
