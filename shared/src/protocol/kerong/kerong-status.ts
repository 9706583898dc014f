import { type KerongFrame, type KerongModel, kerongCodes, kerongLocks } from './kerong-frame.js';

/** What a board tells about its locks. Which level of a lock means closed differs between boards. */
export interface KerongStatus {
  /** One level for each lock, lock 0 first. */
  readonly locks: readonly boolean[];
  /** Levels of the infrared inputs. */
  readonly infrared: readonly boolean[];
}

/** Null for a frame that carries no status. */
export function decodeKerongStatus(model: KerongModel, frame: KerongFrame): KerongStatus | null {
  const bytes = kerongLocks[model] / 8;
  if (frame.data.length !== 2 * bytes) return null;
  return { locks: levels(frame.data, 0, bytes), infrared: levels(frame.data, bytes, 2 * bytes) };
}

export function kerongStatusReply(model: KerongModel, board: number, status: KerongStatus): KerongFrame {
  const bytes = kerongLocks[model] / 8;
  const data = new Uint8Array(2 * bytes);
  const put = (list: readonly boolean[], first: number): void => {
    for (const [index, level] of list.entries()) {
      const at = first + (index >>> 3);
      if (level && at < first + bytes) data[at] = (data[at] as number) | (1 << (index & 7));
    }
  };
  put(status.locks, 0);
  put(status.infrared, bytes);
  return { board, lock: 0, command: kerongCodes[model].statusReply, data };
}

function levels(data: Uint8Array, from: number, to: number): readonly boolean[] {
  return Array.from(data.subarray(from, to)).flatMap((byte) =>
    Array.from({ length: 8 }, (_, bit) => (byte & (1 << bit)) !== 0),
  );
}
