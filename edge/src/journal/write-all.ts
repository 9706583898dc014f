import { AppError } from '@tagtrail/shared/error.js';

/** Takes bytes at an offset and says how many it took: perhaps fewer than it was given, as `pwrite(2)`. */
export type WriteSome = (at: number, bytes: Uint8Array) => Promise<number>;

/**
 * Writes all of `bytes`. Asked for the rest, a medium that took only a part says why; one that takes nothing
 * and says nothing ends it. Rejects with AppError `disk.short_write`, or as `writeSome` does.
 */
export async function writeAll(writeSome: WriteSome, at: number, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const taken = await writeSome(at + written, bytes.subarray(written));
    if (taken === 0) throw new AppError('disk.short_write', 'it takes nothing of a write', { kind: 'operator' });
    written += taken;
  }
}
