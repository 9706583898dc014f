import { z } from 'zod';

/** What a backup is of; its first record. */
export const backupManifest = z.strictObject({
  /** Wall time at which everything in it was true, ISO 8601 in UTC. */
  takenAt: z.string(),
  /** The version of the program that wrote it. */
  version: z.string(),
  /** The migrations of the schema, with the SHA-256 of each. */
  migrations: z.array(z.strictObject({ name: z.string(), checksum: z.string() })),
  /** First days of the months that have a partition of the trail. */
  partitions: z.array(z.string()),
  tenants: z.array(z.strictObject({ id: z.string(), nextIndex: z.int().min(0) })),
  /** When the newest line of any trail was recorded; null without lines. */
  newestAt: z.string().nullable(),
});
export type BackupManifest = z.output<typeof backupManifest>;

/** A file of the data folder; what it holds is base64. */
export const backedUpFile = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/),
  content: z.base64(),
});

export const tableStart = z.strictObject({ name: z.string(), columns: z.array(z.string()).min(1) });
export const tableEnd = z.strictObject({ rows: z.int().min(0) });
export const backupEnd = z.strictObject({ tables: z.int().min(0), rows: z.int().min(0) });
