/** One observation of a tag by a reader (LLRP TagReportData carries the same fields). */
export interface TagRead {
  /** EPC memory bank contents as upper-case hex, without PC and CRC. */
  readonly epc: string;
  /** 1-based antenna port. */
  readonly antenna: number;
  readonly rssiDbm: number;
  /** How often the reader saw the tag in what this read reports; at least 1. */
  readonly count: number;
  /** Monotonic milliseconds of the agent's clock at reception. */
  readonly atMs: number;
}
