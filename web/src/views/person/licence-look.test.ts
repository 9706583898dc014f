import { describe, expect, it } from 'vitest';
import { licenceStateAt } from './licence-look.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const after = (days: number, ms = 0): string => new Date(nowMs + days * 86_400_000 + ms).toISOString();

describe('licenceStateAt', () => {
  it.each([
    [null, 'valid'],
    [after(31), 'valid'],
    [after(30, 1), 'valid'],
    [after(30), 'soon'],
    [after(0, 1), 'soon'],
    [after(0), 'over'],
    [after(-400), 'over'],
  ])('says of a licence until %s that it is %s', (validUntil, state) => {
    expect(licenceStateAt(validUntil, nowMs)).toBe(state);
  });
});
