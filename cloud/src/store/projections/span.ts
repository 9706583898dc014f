/** The part of a customer's trail that a projection takes in; both indexes inclusive. */
export interface TrailSpan {
  /** UUID. */
  readonly tenant: string;
  readonly from: number;
  readonly to: number;
}
