/** What became of every frame: `frames = responses + reports + rejected`. */
export interface MercuryCounters {
  readonly frames: number;
  /** Answers to commands. */
  readonly responses: number;
  /** Tags, ends of rounds, statistics and problems that the reader sent while reading. */
  readonly reports: number;
  /** Frames with a right check value that made no sense, came too late, or announced a restart. */
  readonly rejected: number;
  /** Bytes that belonged to no frame. */
  readonly discardedBytes: number;
  /** Reports that became a tag read. */
  readonly reads: number;
  /** Sweeps that ended without a problem. */
  readonly rounds: number;
}

export type MutableCounters = { -readonly [K in keyof MercuryCounters]: number };

export function zeroCounters(): MutableCounters {
  return { frames: 0, responses: 0, reports: 0, rejected: 0, discardedBytes: 0, reads: 0, rounds: 0 };
}
