/** What one antenna hears of one tag in one inventory round. */
export interface AirRead {
  /** EPC memory as upper-case hex. */
  readonly epc: string;
  readonly rssiDbm: number;
  /** How often the tag answered in this round; at least 1. */
  readonly count: number;
}

/** The radio side of a UHF reader: the only thing it knows about the cabinet that it is built into. */
export interface Air {
  /** One inventory round on `antenna` (1-based). `atMs` is monotonic time. */
  round(antenna: number, atMs: number): readonly AirRead[];
}
