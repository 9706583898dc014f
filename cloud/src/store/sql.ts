import { Prisma, type Transaction } from './prisma.js';

/** SQL put together from parts; every value becomes a parameter. */
export type Sql = Prisma.Sql;
export type Tx = Transaction;

export const sql = Prisma.sql;

/** The parts one after the other, with the separator between them. */
export function joinSql(parts: readonly Sql[], separator: ' and ' | ' or ' | ', ' | ' union all '): Sql {
  return Prisma.join([...parts], separator);
}
