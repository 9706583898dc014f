/**
 * One directory of files, and exactly the promises of POSIX that the journal builds on: what was
 * written is safe after `sync`, a name is safe after `syncDirectory`, and a `sync` that was refused
 * says nothing about what reached the medium. Every method rejects with AppError `disk.full`,
 * `disk.missing`, `disk.exists` or `disk.fault`.
 */
export interface Disk {
  /** Names of the plain files, in no order. */
  list(): Promise<readonly string[]>;
  /**
   * A new file of `bytes` zeros whose space is taken, so that a full disk shows here and not in the
   * middle of a record. Rejects with `disk.exists` when the name is taken.
   */
  create(name: string, bytes: number): Promise<DiskFile>;
  open(name: string): Promise<DiskFile>;
  /** Replaces `to` when it exists. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  syncDirectory(): Promise<void>;
  /** The medium as a whole, with whatever else lies on it. */
  space(): Promise<DiskSpace>;
}

export interface DiskSpace {
  readonly usedBytes: number;
  /** What this program may still take. */
  readonly freeBytes: number;
}

export interface DiskFile {
  size(): Promise<number>;
  /** Up to `length` bytes from `at`; fewer at the end of the file. */
  read(at: number, length: number): Promise<Uint8Array>;
  /** Writes all of `bytes` at `at`, growing the file where needed. */
  write(at: number, bytes: Uint8Array): Promise<void>;
  /** Everything written so far is on the medium (`fdatasync`). A rejection is final for this file. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}
