import { describe, expect, it } from 'vitest';
import { hashToken, type TokenTable, withHashedTokens } from './hashed-tokens.js';

/** Remembers what reached the table. */
function aTable(row: Record<string, unknown> | null): { table: TokenTable; seen: unknown[] } {
  const seen: unknown[] = [];
  const answer = async (args: unknown) => {
    seen.push(args);
    return row ?? {};
  };
  const table: TokenTable = {
    create: answer,
    findFirst: async (args) => {
      seen.push(args);
      return row;
    },
    findMany: async (args) => [await answer(args)],
    count: async () => 0,
    update: answer,
    updateMany: async () => ({ count: 0 }),
    delete: answer,
    deleteMany: async (args) => {
      seen.push(args);
      return { count: 1 };
    },
  };
  return { table, seen };
}

describe('a table with hashed tokens', () => {
  const expiresAt = new Date(0);

  it.each<[keyof TokenTable, Record<string, unknown>]>([
    ['create', { data: { token: 'secret', userId: 'u', expiresAt } }],
    ['findFirst', { where: { token: { equals: 'secret' } } }],
    ['findMany', { where: { token: { in: ['secret', 'other'] } } }],
    ['update', { where: { token: 'secret' }, data: { updatedAt: expiresAt } }],
    ['delete', { where: { token: 'secret' } }],
    ['deleteMany', { where: { AND: [{ token: { equals: 'secret', mode: 'insensitive' } }] } }],
  ])('never passes the token of %s on', async (name, args) => {
    const { table, seen } = aTable({ token: hashToken('secret') });
    await withHashedTokens(table)[name](args);
    expect(JSON.stringify(seen)).not.toContain('"secret"');
    expect(JSON.stringify(seen)).toContain(hashToken('secret'));
  });

  it('gives back the token that was asked for, and dates as they were', async () => {
    const { table, seen } = aTable({ token: hashToken('secret'), userId: 'u' });
    const hashed = withHashedTokens(table);
    expect(await hashed.findFirst({ where: { token: { equals: 'secret' } } })).toEqual({
      token: 'secret',
      userId: 'u',
    });
    await hashed.create({ data: { token: 'secret', expiresAt } });
    expect(seen.at(-1)).toEqual({ data: { token: hashToken('secret'), expiresAt } });
    expect(await withHashedTokens(aTable(null).table).findFirst({ where: { token: 'x' } })).toBeNull();
  });
});
