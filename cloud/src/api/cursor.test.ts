import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, indexKey, pageOf } from './cursor.js';

describe('a cursor', () => {
  it('leads back to the same place of the same list', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        (index) => decodeCursor('events', indexKey, encodeCursor('events', [index]))?.[0] === index,
      ),
    );
  });

  it('is refused by another list', () => {
    expect(() => decodeCursor('assets', indexKey, encodeCursor('events', [1]))).toThrow(/another list/);
  });

  it('is refused or harmless whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          try {
            const key = decodeCursor('events', indexKey, text);
            return key === undefined || Number.isSafeInteger(key[0]);
          } catch (error) {
            return (error as { code?: string }).code === 'api.invalid_cursor';
          }
        },
      ),
    );
  });
});

describe('pageOf', () => {
  const options = { view: (row: number) => row, cursor: (row: number) => `after ${row}` };

  it('uses the row beyond the limit only to know that there is one', () => {
    expect(pageOf([5, 4, 3], 2, options)).toEqual({ data: [5, 4], has_more: true, next_cursor: 'after 4' });
    expect(pageOf([5, 4], 2, options)).toEqual({ data: [5, 4], has_more: false, next_cursor: null });
    expect(pageOf([], 2, options)).toEqual({ data: [], has_more: false, next_cursor: null });
  });
});
