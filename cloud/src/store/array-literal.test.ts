import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { arrayLiteral } from './array-literal.js';

describe('an array literal', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db.close();
  });

  it('is read by PostgreSQL as what went into it', async () => {
    const storable = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u0000'));
    const tricky = fc.constantFrom('', 'NULL', '{}', '"', '\\', '\\"', '{"a":"b\\\\c"}', ' , ', "';--");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(fc.oneof(storable, tricky)), { maxLength: 20 }), async (values) => {
        const rows = await db.store.global.$queryRaw<{ value: string | null }[]>`
          select value from unnest(${arrayLiteral(values)}::text[]) with ordinality as t (value, place) order by place`;
        expect(rows.map(({ value }) => value)).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });

  it('holds numbers', async () => {
    const rows = await db.store.global.$queryRaw<{ sum: bigint }[]>`
      select sum(value)::bigint as sum from unnest(${arrayLiteral([1, null, 2 ** 53 - 1])}::bigint[]) as t (value)`;
    expect(rows[0]?.sum).toBe(2n ** 53n);
  });
});
