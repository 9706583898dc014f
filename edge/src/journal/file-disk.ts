import { type FileHandle, mkdir, open, readdir, rename, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Disk, DiskFile, DiskSpace } from './disk.js';
import { type WriteSome, writeAll } from './write-all.js';

const zeros = new Uint8Array(64 * 1024);

/** The directory `path` of this machine; it is made when it is missing. */
export async function openFileDisk(path: string): Promise<Disk> {
  await refuse(path, () => mkdir(path, { recursive: true, mode: 0o700 }));
  const at = (name: string): string => join(path, name);
  return {
    list: () => refuse(path, () => namesOfFiles(path)),
    create: (name, bytes) => refuse(at(name), () => createFile(at(name), bytes)),
    open: (name) => refuse(at(name), async () => fileOf(at(name), await open(at(name), 'r+'))),
    rename: (from, to) => refuse(at(from), () => rename(at(from), at(to))),
    remove: (name) => refuse(at(name), () => unlink(at(name))),
    syncDirectory: () => refuse(path, () => syncDirectory(path)),
    space: () => refuse(path, () => spaceOf(path)),
  };
}

async function namesOfFiles(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

async function spaceOf(path: string): Promise<DiskSpace> {
  const { blocks, bfree, bavail, bsize } = await statfs(path);
  return { usedBytes: (blocks - bfree) * bsize, freeBytes: bavail * bsize };
}

/** Writes real zeros: a sparse file would take its space, and find none, only later. */
async function createFile(path: string, bytes: number): Promise<DiskFile> {
  const handle = await open(path, 'wx+', 0o600);
  try {
    for (let at = 0; at < bytes; at += zeros.length) {
      await writeAll(writerOf(handle), at, zeros.subarray(0, Math.min(zeros.length, bytes - at)));
    }
    if (bytes > 0) await handle.sync();
  } catch (error) {
    await handle.close().catch(() => {});
    await unlink(path).catch(() => {});
    throw error;
  }
  return fileOf(path, handle);
}

function fileOf(path: string, handle: FileHandle): DiskFile {
  return {
    size: () => refuse(path, async () => (await handle.stat()).size),
    read: (at, length) => refuse(path, () => readUpTo(handle, at, length)),
    write: (at, bytes) => refuse(path, () => writeAll(writerOf(handle), at, bytes)),
    sync: () => refuse(path, () => handle.datasync()),
    truncate: (length) => refuse(path, () => handle.truncate(length)),
    close: () => refuse(path, () => handle.close()),
  };
}

async function readUpTo(handle: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function writerOf(handle: FileHandle): WriteSome {
  return async (at, bytes) => (await handle.write(bytes, 0, bytes.length, at)).bytesWritten;
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function refuse<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw diskError(path, error);
  }
}

function diskError(path: string, cause: unknown): AppError {
  const code = (cause as { code?: unknown }).code;
  const options = { kind: 'operator', detail: { path, errno: code }, cause } as const;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('disk.full', 'the disk is full', options);
  if (code === 'ENOENT') return new AppError('disk.missing', `${path} does not exist`, options);
  if (code === 'EEXIST') return new AppError('disk.exists', `${path} exists already`, options);
  return new AppError('disk.fault', `the disk refuses to work: ${errorText(cause)}`, options);
}
