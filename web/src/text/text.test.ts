import { describe, expect, it } from 'vitest';
import { en } from './en.js';
import { fr } from './fr.js';
import { createText } from './text.js';

function leaves(node: object, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === 'string') all.set(prefix + name, value);
    else for (const [path, text] of leaves(value, `${prefix}${name}.`)) all.set(path, text);
  }
  return all;
}
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

describe('texts', () => {
  const english = leaves(en);
  const french = leaves(fr);

  it('have the same keys in both languages', () => {
    expect([...french.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('have no empty text and the same placeholders in both languages', () => {
    for (const [key, text] of english) {
      expect(text.trim(), key).not.toBe('');
      expect(french.get(key)?.trim(), key).not.toBe('');
      expect(placeholders(french.get(key) ?? ''), key).toEqual(placeholders(text));
    }
  });

  it('differ between the languages, except for words that are the same in both', () => {
    const same = [...english].filter(([key, text]) => french.get(key) === text).map(([key]) => key);
    expect(same.length).toBeLessThan(12);
  });

  it('choose the plural of the language', () => {
    expect(createText('en').t('live.held', { count: 0 })).toBe('0 new lines');
    expect(createText('fr').t('live.held', { count: 1 })).toBe('1 nouvelle ligne');
  });
});
