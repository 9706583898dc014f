import type { Disk, DiskFile, DiskSpace } from '@tagtrail/edge/journal/disk.js';
import { type WriteSome, writeAll } from '@tagtrail/edge/journal/write-all.js';
import { AppError } from '@tagtrail/shared/error.js';
import { below, chance, type Random } from '@tagtrail/shared/random/random.js';

/** What of a write reaches the medium in one piece when the power fails. */
const sectorBytes = 64;

/**
 * The one disk of a cabinet's computer, with its directories. It keeps the promises of `Disk` and no
 * other: what was not synced is torn when the power fails, and handles of before never answer again.
 */
export interface WorldDisk {
  directory(name: string): Disk;
  /** No more than this many bytes fit on it; null takes the limit away. */
  limitTo(bytes: number | null): void;
  usedBytes(): number;
  isFull(): boolean;
  /** The power fails. Every draw comes from `random`. */
  cutPower(random: Random): void;
  /** The next syncs are refused, as by a medium that is worn out. */
  refuseSyncs(times: number): void;
  /** Writes take only a part of what they are given, or are refused in the middle; null ends it. */
  shortenWrites(how: ShortWrites | null): void;
}

export interface ShortWrites {
  readonly random: Random;
  /** So many of a hundred pieces are refused; the pieces before them stay. */
  readonly refusedPercent: number;
  /** The medium lies: it says that it took all. No program can keep its word on such a one, and checkers have to see it. */
  readonly silent?: boolean;
}

interface Inode {
  /** What a reader sees; longer than the file, so that it can grow. */
  seen: Uint8Array;
  size: number;
  /** What is on the medium. */
  safe: Uint8Array;
  pending: Change[];
}

type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly truncateTo: number };

interface Directory {
  seen: Map<string, Inode>;
  safe: Map<string, Inode>;
  /** Groups of name changes since the last sync of the directory; a rename is one group. */
  changes: (readonly (readonly [string, Inode | undefined])[])[];
}

interface Platform {
  /** Waits for the medium; never returns for a handle of before a power cut. */
  act(): Promise<void>;
  makeRoom(bytes: number): void;
  syncRefused(): boolean;
  /** How many bytes of a write of so many are taken, and how many the medium says. */
  takenOf(bytes: number): { readonly taken: number; readonly told: number };
  space(): DiskSpace;
}

export function createWorldDisk(): WorldDisk {
  const directories = new Map<string, Directory>();
  let powerCuts = 0;
  let capacity: number | null = null;
  let refusals = 0;
  let short: ShortWrites | null = null;

  const usedBytes = (): number => {
    let sum = 0;
    for (const { seen } of directories.values()) for (const inode of seen.values()) sum += inode.size;
    return sum;
  };
  const platform = (): Platform => {
    const boot = powerCuts;
    return {
      act: async () => {
        if (boot !== powerCuts) return new Promise(() => {});
        await Promise.resolve();
      },
      makeRoom: (bytes) => {
        if (capacity !== null && bytes > 0 && usedBytes() + bytes > capacity) {
          throw new AppError('disk.full', 'the disk is full', { kind: 'operator' });
        }
      },
      space: () => {
        const used = usedBytes();
        return { usedBytes: used, freeBytes: Math.max(0, (capacity ?? Number.MAX_SAFE_INTEGER) - used) };
      },
      syncRefused: () => {
        if (refusals === 0) return false;
        refusals--;
        return true;
      },
      takenOf: (bytes) => {
        if (short === null || bytes === 0) return { taken: bytes, told: bytes };
        if (chance(short.random, short.refusedPercent, 100)) {
          throw new AppError('disk.fault', 'the medium refuses the rest of a write', { kind: 'operator' });
        }
        const taken = 1 + below(short.random, bytes);
        return { taken, told: short.silent === true ? bytes : taken };
      },
    };
  };

  return {
    directory: (name) => {
      const found = directories.get(name) ?? { seen: new Map(), safe: new Map(), changes: [] };
      directories.set(name, found);
      return openDirectory(found, platform());
    },
    limitTo: (bytes) => {
      capacity = bytes;
    },
    usedBytes,
    isFull: () => capacity !== null && usedBytes() >= capacity,
    refuseSyncs: (times) => {
      refusals = times;
    },
    shortenWrites: (how) => {
      short = how;
    },
    cutPower: (random) => {
      powerCuts++;
      for (const directory of directories.values()) tearDirectory(directory, random);
    },
  };
}

function openDirectory(directory: Directory, platform: Platform): Disk {
  const { act, makeRoom } = platform;
  const found = (name: string): Inode => {
    const inode = directory.seen.get(name);
    if (inode === undefined) throw new AppError('disk.missing', `${name} does not exist`, { kind: 'operator' });
    return inode;
  };
  const change = (...names: (readonly [string, Inode | undefined])[]): void => {
    applyNames(directory.seen, [names]);
    directory.changes.push(names);
  };
  return {
    list: async () => [...directory.seen.keys()],
    create: async (name, bytes) => {
      await act();
      if (directory.seen.has(name)) throw new AppError('disk.exists', `${name} exists already`, { kind: 'operator' });
      makeRoom(bytes);
      const inode: Inode = { seen: new Uint8Array(bytes), size: bytes, safe: new Uint8Array(bytes), pending: [] };
      change([name, inode]);
      return openFile(inode, platform);
    },
    open: async (name) => openFile(found(name), platform),
    rename: async (from, to) => {
      await act();
      change([to, found(from)], [from, undefined]);
    },
    remove: async (name) => {
      await act();
      found(name);
      change([name, undefined]);
    },
    syncDirectory: async () => {
      await act();
      applyNames(directory.safe, directory.changes);
      directory.changes = [];
    },
    space: async () => platform.space(),
  };
}

function openFile(inode: Inode, { act, makeRoom, syncRefused, takenOf }: Platform): DiskFile {
  const writeSome: WriteSome = async (at, bytes) => {
    await act();
    const { taken, told } = takenOf(bytes.length);
    const part = bytes.slice(0, taken);
    makeRoom(at + taken - inode.size);
    write(inode, at, part);
    inode.pending.push({ at, bytes: part });
    return told;
  };
  return {
    size: async () => inode.size,
    read: async (at, length) => {
      await act();
      return inode.seen.slice(Math.min(at, inode.size), Math.min(at + length, inode.size));
    },
    write: (at, bytes) => writeAll(writeSome, at, bytes),
    sync: async () => {
      await act();
      if (syncRefused()) {
        // The kernel drops the pages: readers still see them, and the next sync "succeeds".
        inode.pending = [];
        throw new AppError('disk.fault', 'the medium refuses to write', { kind: 'operator' });
      }
      for (const change of inode.pending) inode.safe = applyChange(inode.safe, change);
      inode.pending = [];
    },
    truncate: async (length) => {
      await act();
      if (length > inode.size) write(inode, inode.size, new Uint8Array(length - inode.size));
      inode.seen.fill(0, length);
      inode.size = length;
      inode.pending.push({ truncateTo: length });
    },
    close: async () => {},
  };
}

function write(inode: Inode, at: number, bytes: Uint8Array): void {
  const end = at + bytes.length;
  if (end > inode.seen.length) {
    const grown = new Uint8Array(Math.max(end, inode.seen.length * 2));
    grown.set(inode.seen.subarray(0, inode.size));
    inode.seen = grown;
  }
  inode.seen.set(bytes, at);
  inode.size = Math.max(inode.size, end);
}

/** In place where the file does not change its length. */
function applyChange(file: Uint8Array, change: Change): Uint8Array {
  if ('truncateTo' in change) {
    const cut = new Uint8Array(change.truncateTo);
    cut.set(file.subarray(0, change.truncateTo));
    return cut;
  }
  const end = change.at + change.bytes.length;
  let bytes = file;
  if (end > file.length) {
    bytes = new Uint8Array(end);
    bytes.set(file);
  }
  bytes.set(change.bytes, change.at);
  return bytes;
}

/** Name changes reach the medium in order, any number of them; of the bytes, any sector in any order. */
function tearDirectory(directory: Directory, random: Random): void {
  const names = new Map(directory.safe);
  applyNames(names, directory.changes.slice(0, below(random, directory.changes.length + 1)));
  const torn = new Map<Inode, Inode>();
  const left = new Map<string, Inode>();
  for (const [name, inode] of names) {
    const after = torn.get(inode) ?? tear(inode, random);
    torn.set(inode, after);
    left.set(name, after);
  }
  directory.seen = left;
  directory.safe = new Map(left);
  directory.changes = [];
}

function tear(inode: Inode, random: Random): Inode {
  let bytes = inode.safe;
  for (const change of inode.pending) {
    if ('truncateTo' in change) {
      if (chance(random, 1, 2)) bytes = applyChange(bytes, change);
      continue;
    }
    for (let at = 0; at < change.bytes.length; at += sectorBytes) {
      if (!chance(random, 1, 2)) continue;
      bytes = applyChange(bytes, { at: change.at + at, bytes: change.bytes.subarray(at, at + sectorBytes) });
    }
  }
  return { seen: bytes.slice(), size: bytes.length, safe: bytes, pending: [] };
}

function applyNames(names: Map<string, Inode>, changes: Directory['changes']): void {
  for (const group of changes) {
    for (const [name, inode] of group) {
      if (inode === undefined) names.delete(name);
      else names.set(name, inode);
    }
  }
}
