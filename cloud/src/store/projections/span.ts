import { Prisma } from '../prisma.js';

/** The part of a customer's trail that a projection takes in; both indexes inclusive. */
export interface TrailSpan {
  /** UUID. */
  readonly tenant: string;
  readonly from: number;
  readonly to: number;
  /** When all of it was recorded, ISO 8601 in UTC; absent when not all at once. It leads to the one partition that holds it. */
  readonly recordedAt?: string;
}

/** The lines of the span among those of its customer. */
export function inSpan({ from, to, recordedAt }: TrailSpan): Prisma.Sql {
  return recordedAt === undefined
    ? Prisma.sql`index between ${from} and ${to}`
    : Prisma.sql`recorded_at = ${recordedAt}::timestamptz and index between ${from} and ${to}`;
}
