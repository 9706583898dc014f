import { describe, expect, it } from 'vitest';
import { windowText } from './window-text.js';

const window = (days: number[]) => ({ days, from: '06:00', to: '22:00' });

describe('windowText', () => {
  it.each([
    [[1, 2, 3, 4, 5], 'Mon–Fri 06:00–22:00'],
    [[7, 6], 'Sat, Sun 06:00–22:00'],
    [[1, 3, 5], 'Mon, Wed, Fri 06:00–22:00'],
    [[1, 2, 3, 6], 'Mon–Wed, Sat 06:00–22:00'],
    [[4], 'Thu 06:00–22:00'],
  ])('says of the days %j: %s', (days, text) => {
    expect(windowText(window(days), 'en')).toBe(text);
  });

  it('speaks French', () => {
    expect(windowText({ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }, 'fr')).toBe('lun–dim 22:00–06:00');
  });
});
