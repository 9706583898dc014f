/** A tagged tool as the simulated cabinet knows it. */
export interface Tag {
  /** EPC memory as upper-case hex. */
  readonly epc: string;
  /** What a person calls the tool. */
  readonly label: string;
  readonly inside: boolean;
  /** The antenna nearest to its place when it is inside; 1-based. */
  readonly antenna: number;
  /** Lies behind metal: it answers rarely and weakly. */
  readonly shadowed: boolean;
  /** In somebody's hands in front of the open door. */
  readonly atDoor: boolean;
}
