import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { arrayLiteral, jsonList } from './array-literal.js';

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

  it('of JSON is read as what went into it, beside another column', async () => {
    const text = fc
      .string({ unit: 'binary' })
      .filter((value) => !value.includes('\u0000') && !/\p{Surrogate}/u.test(value));
    const json = fc.oneof(
      text,
      fc.constantFrom('\u001f', '', 'NULL'),
      fc.record({ '\u001f"\\': text, n: fc.integer() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(json), { minLength: 1, maxLength: 12 }), async (values) => {
        const list = jsonList(values.map((value) => (value === null ? null : JSON.stringify(value))));
        const places = arrayLiteral(values.map((_, place) => place));
        const rows = await db.store.global.$queryRaw<{ value: unknown }[]>`
          select value from unnest(${places}::int[], string_to_array(${list}, E'\\x1f', '')::jsonb[]) as t (place, value)
          order by place`;
        expect(rows.map(({ value }) => value)).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });
});
