import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Trusted } from '@tagtrail/shared/proof/verify-checkpoints.js';
import { createExportVerifier, type ExportReport } from '@tagtrail/shared/proof/verify-export.js';
import { verifyEd25519 } from '../proof/log-key.js';
import { nodeHashing } from '../store/hashing.js';

export interface VerifyFileOptions {
  readonly trusted: Trusted;
  /** The share of the file that has been read, 0 to 1; called now and then. */
  readonly onProgress?: (share: number) => void;
}

const tellEveryLines = 20_000;

/** Verifies an export line by line; never holds more of it than a line and the custody. */
export async function verifyFile(path: string, options: VerifyFileOptions): Promise<ExportReport> {
  const { size } = await stat(path);
  const stream = createReadStream(path, { highWaterMark: 1 << 20 });
  const verifier = createExportVerifier({ hashing: nodeHashing, verify: verifyEd25519, trusted: options.trusted });
  let lines = 0;
  const reading = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  // The iterator of readline would put each line through a promise.
  reading.on('line', (line) => {
    verifier.line(line);
    lines += 1;
    if (lines % tellEveryLines === 0) options.onProgress?.(stream.bytesRead / Math.max(1, size));
  });
  await Promise.race([once(reading, 'close'), once(stream, 'error').then(([error]) => Promise.reject(error))]);
  return await verifier.finish();
}
