import { createHash } from 'node:crypto';

type Fields = Record<string, unknown>;
interface Arguments {
  readonly where?: unknown;
  readonly data?: unknown;
  readonly [name: string]: unknown;
}

/** The part of a Prisma model that better-auth's adapter calls. */
export interface TokenTable {
  create(args: Arguments): Promise<Fields>;
  findFirst(args: Arguments): Promise<Fields | null>;
  findMany(args: Arguments): Promise<Fields[]>;
  count(args: Arguments): Promise<number>;
  update(args: Arguments): Promise<Fields>;
  updateMany(args: Arguments): Promise<{ count: number }>;
  delete(args: Arguments): Promise<Fields>;
  deleteMany(args: Arguments): Promise<{ count: number }>;
}

/** What the database keeps of a sign-in token, so that a stolen copy of it opens nothing. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * The same table with every `token` hashed on its way in. A row that was asked for by its token
 * comes back with the token that was given.
 */
export function withHashedTokens(table: TokenTable): TokenTable {
  const hashed = (args: Arguments): Arguments => ({
    ...args,
    ...(args.where === undefined ? {} : { where: hashIn(args.where) }),
    ...(args.data === undefined ? {} : { data: hashIn(args.data) }),
  });
  return {
    create: async (args) => restore(await table.create(hashed(args)), args.data),
    findFirst: async (args) => restoreMaybe(await table.findFirst(hashed(args)), args.where),
    findMany: (args) => table.findMany(hashed(args)),
    count: (args) => table.count(hashed(args)),
    update: async (args) => restore(await table.update(hashed(args)), args.where),
    updateMany: (args) => table.updateMany(hashed(args)),
    delete: (args) => table.delete(hashed(args)),
    deleteMany: (args) => table.deleteMany(hashed(args)),
  };
}

function hashIn(value: unknown, underToken = false): unknown {
  if (typeof value === 'string') return underToken ? hashToken(value) : value;
  if (Array.isArray(value)) return value.map((member: unknown) => hashIn(member, underToken));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === 'mode' ? member : hashIn(member, underToken || name === 'token'),
    ]),
  );
}

function restoreMaybe(row: Fields | null, given: unknown): Fields | null {
  return row === null ? null : restore(row, given);
}

function restore(row: Fields, given: unknown): Fields {
  const token = tokenIn(given);
  return token === undefined ? row : { ...row, token };
}

function tokenIn(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null || !('token' in given)) return undefined;
  const { token } = given;
  if (typeof token === 'string') return token;
  if (typeof token === 'object' && token !== null && 'equals' in token && typeof token.equals === 'string')
    return token.equals;
  return undefined;
}
