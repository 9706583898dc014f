import { AppError } from '@tagtrail/shared/error.js';
import { below, chance, type Random } from '@tagtrail/shared/random/random.js';
import type { Disk, DiskFile } from '../journal/disk.js';

const sector = 64;

export type DiskOperation = 'create' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove' | 'syncDirectory';

export interface SimulatedDisk extends Disk {
  /** The next operations of this kind are refused; `times` is how many. */
  refuse(operation: DiskOperation, code: 'disk.full' | 'disk.fault', times: number): void;
  /** The next writes leave half of their bytes in the file and are then refused; `times` is how many. */
  cutWrites(code: 'disk.full' | 'disk.fault', times: number): void;
  /** No more than this many bytes fit on the disk. */
  limitTo(bytes: number): void;
  /**
   * The disk as it is found after the power failed: what was synced, and of the rest any part.
   * Handles of before are dead. Every draw comes from `random`.
   */
  crash(random: Random): SimulatedDisk;
  /** The bytes of a file as a reader sees them now. */
  bytesOf(name: string): Uint8Array;
  /** Replaces the bytes of a file, as bit rot would. */
  overwrite(name: string, bytes: Uint8Array): void;
  operations(): number;
  /** The power fails just before the operation with this number; it and all later ones never return. */
  stopAt(operation: number): void;
}

interface Inode {
  /** What a reader sees. */
  seen: Uint8Array;
  /** What is on the medium. */
  safe: Uint8Array;
  /** What was asked for since the last sync, in order. */
  pending: ({ readonly at: number; readonly bytes: Uint8Array } | { readonly truncateTo: number })[];
}

type NameChange = { readonly name: string; readonly inode: Inode | undefined };

/** A disk in memory that keeps exactly the promises of `Disk`, and breaks every other hope. */
export function createSimulatedDisk(files: ReadonlyMap<string, Uint8Array> = new Map()): SimulatedDisk {
  const names = createNames(files);
  const faults = createFaults();
  const { act, cutWrite } = faults;
  const makeRoom = (bytes: number): void => faults.makeRoom(names.usedBytes() + bytes);
  return {
    list: async () => [...names.seen.keys()],
    create: async (name, bytes) => {
      await act('create');
      if (names.seen.has(name)) throw new AppError('disk.exists', `${name} exists already`, { kind: 'operator' });
      makeRoom(bytes);
      const inode = { seen: new Uint8Array(bytes), safe: new Uint8Array(bytes), pending: [] };
      names.change({ name, inode });
      return openInode(inode, { act, makeRoom, cutWrite });
    },
    open: async (name) => openInode(names.found(name), { act, makeRoom, cutWrite }),
    rename: async (from, to) => {
      await act('rename');
      names.change({ name: to, inode: names.found(from) }, { name: from, inode: undefined });
    },
    remove: async (name) => {
      await act('remove');
      names.found(name);
      names.change({ name, inode: undefined });
    },
    syncDirectory: async () => {
      await act('syncDirectory');
      names.sync();
    },
    space: async () => faults.space(names.usedBytes()),
    refuse: faults.refuse,
    cutWrites: faults.cutWrites,
    limitTo: faults.limitTo,
    operations: faults.operations,
    stopAt: faults.stopAt,
    bytesOf: (name) => names.found(name).seen.slice(),
    overwrite: (name, bytes) => {
      Object.assign(names.found(name), { seen: bytes, safe: bytes, pending: [] });
    },
    crash: (random) => {
      faults.stopAt(0);
      const left = [...names.afterCrash(random)].map(([name, inode]) => [name, tornBytes(inode, random)] as const);
      return createSimulatedDisk(new Map(left));
    },
  };
}

/** The directory: names as they are seen, and as they would be found. */
function createNames(files: ReadonlyMap<string, Uint8Array>) {
  const seen = new Map<string, Inode>();
  for (const [name, bytes] of files) seen.set(name, { seen: bytes, safe: bytes, pending: [] });
  const safe = new Map(seen);
  let changes: NameChange[][] = [];
  return {
    seen,
    change: (...names: NameChange[]): void => {
      applyNames(seen, [names]);
      changes.push(names);
    },
    found: (name: string): Inode => {
      const inode = seen.get(name);
      if (inode === undefined) throw new AppError('disk.missing', `${name} does not exist`, { kind: 'operator' });
      return inode;
    },
    usedBytes: (): number => [...seen.values()].reduce((sum, inode) => sum + inode.seen.length, 0),
    sync: (): void => {
      applyNames(safe, changes);
      changes = [];
    },
    afterCrash: (random: Random): ReadonlyMap<string, Inode> => {
      const names = new Map(safe);
      applyNames(names, changes.slice(0, below(random, changes.length + 1)));
      return names;
    },
  };
}

function createFaults() {
  const refusals: { operation: DiskOperation; code: string; times: number }[] = [];
  let cut = { code: '', times: 0 };
  let capacity = Number.POSITIVE_INFINITY;
  let count = 0;
  let stop = Number.POSITIVE_INFINITY;
  return {
    act: async (operation: DiskOperation | 'read'): Promise<void> => {
      if (++count >= stop) return new Promise(() => {});
      await Promise.resolve();
      const refusal = refusals.find((one) => one.operation === operation && one.times > 0);
      if (refusal === undefined) return;
      refusal.times--;
      throw refused(refusal.code);
    },
    cutWrite: (): AppError | undefined => (cut.times-- > 0 ? refused(cut.code) : undefined),
    cutWrites: (code: string, times: number): void => {
      cut = { code, times };
    },
    makeRoom: (bytes: number): void => {
      if (bytes > capacity) throw new AppError('disk.full', 'the disk is full', { kind: 'operator' });
    },
    space: (usedBytes: number) => ({
      usedBytes,
      freeBytes: Number.isFinite(capacity) ? Math.max(0, capacity - usedBytes) : Number.MAX_SAFE_INTEGER - usedBytes,
    }),
    refuse: (operation: DiskOperation, code: string, times: number): void => {
      refusals.push({ operation, code, times });
    },
    limitTo: (bytes: number): void => {
      capacity = bytes;
    },
    operations: (): number => count,
    stopAt: (operation: number): void => {
      stop = operation;
    },
  };
}

function refused(code: string): AppError {
  return new AppError(code, 'the simulated disk refuses', { kind: 'operator' });
}

interface Platform {
  act(operation: DiskOperation | 'read'): Promise<void>;
  makeRoom(bytes: number): void;
  /** Why no more than half of this write is taken. */
  cutWrite(): AppError | undefined;
}

function openInode(inode: Inode, { act, makeRoom, cutWrite }: Platform): DiskFile {
  return {
    size: async () => inode.seen.length,
    read: async (at, length) => {
      await act('read');
      return inode.seen.slice(at, at + length);
    },
    write: async (at, bytes) => {
      await act('write');
      makeRoom(Math.max(0, at + bytes.length - inode.seen.length));
      const refusal = cutWrite();
      const taken = bytes.slice(0, refusal === undefined ? bytes.length : bytes.length / 2);
      inode.seen = withBytes(inode.seen, at, taken);
      inode.pending.push({ at, bytes: taken });
      if (refusal !== undefined) throw refusal;
    },
    sync: async () => {
      try {
        await act('sync');
      } catch (error) {
        // The kernel has dropped the pages: readers still see them, the next sync "succeeds".
        inode.pending = [];
        throw error;
      }
      inode.safe = inode.pending.reduce(applied, inode.safe);
      inode.pending = [];
    },
    truncate: async (length) => {
      await act('truncate');
      inode.seen = truncated(inode.seen, length);
      inode.pending.push({ truncateTo: length });
    },
    close: async () => {},
  };
}

/** Any sector of what was not synced may have reached the medium, in any order. */
function tornBytes(inode: Inode, random: Random): Uint8Array {
  let bytes = inode.safe;
  for (const change of inode.pending) {
    if ('truncateTo' in change) {
      if (chance(random, 1, 2)) bytes = truncated(bytes, change.truncateTo);
      continue;
    }
    for (let at = 0; at < change.bytes.length; at += sector) {
      if (chance(random, 1, 2)) bytes = withBytes(bytes, change.at + at, change.bytes.subarray(at, at + sector));
    }
  }
  return bytes;
}

function applied(bytes: Uint8Array, change: Inode['pending'][number]): Uint8Array {
  return 'truncateTo' in change ? truncated(bytes, change.truncateTo) : withBytes(bytes, change.at, change.bytes);
}

function withBytes(file: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
  const grown = new Uint8Array(Math.max(file.length, at + bytes.length));
  grown.set(file);
  grown.set(bytes, at);
  return grown;
}

function truncated(file: Uint8Array, length: number): Uint8Array {
  const cut = new Uint8Array(length);
  cut.set(file.subarray(0, length));
  return cut;
}

function applyNames(names: Map<string, Inode>, changes: readonly NameChange[][]): void {
  for (const { name, inode } of changes.flat()) {
    if (inode === undefined) names.delete(name);
    else names.set(name, inode);
  }
}
