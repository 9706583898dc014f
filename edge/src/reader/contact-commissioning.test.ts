import { describe, expect, it } from 'vitest';
import { findContact } from './contact-commissioning.js';

describe('findContact', () => {
  it('tells contact and polarity from the bit that moved', () => {
    expect(findContact([true, true, false], [true, false, false])).toEqual({
      kind: 'found',
      contact: 1,
      closedWhen: true,
    });
    expect(findContact([false, true], [true, true])).toEqual({ kind: 'found', contact: 0, closedWhen: false });
  });
  it('finds nothing when nothing moved', () => expect(findContact([true], [true])).toEqual({ kind: 'unchanged' }));
  it('does not guess between several', () =>
    expect(findContact([true, false], [false, true])).toEqual({ kind: 'ambiguous', contacts: [0, 1] }));
});
