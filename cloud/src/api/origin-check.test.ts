import { describe, expect, it } from 'vitest';
import { mayChange, type OriginFacts } from './origin-check.js';

const none: OriginFacts = { origin: undefined, fetchSite: undefined, host: 'tools.example:8080', hasCookie: true };

describe('mayChange', () => {
  it.each<[string, Partial<OriginFacts>, boolean]>([
    ['our own page', { origin: 'http://tools.example:8080' }, true],
    ['our own page by another case', { origin: 'http://Tools.Example:8080' }, true],
    ['our own page behind a proxy', { origin: 'https://tools.example.org' }, true],
    ['our own page as the browser says', { fetchSite: 'same-origin' }, true],
    ['a program without a cookie', { hasCookie: false }, true],
    ['a program that hides where it comes from', {}, false],
    ['another port', { origin: 'http://tools.example:9090' }, false],
    ['a look-alike', { origin: 'http://tools.example.evil.example:8080' }, false],
    ['a user name that looks like us', { origin: 'http://tools.example:8080@evil.example' }, false],
    ['a sandboxed frame', { origin: 'null' }, false],
    ['another scheme', { origin: 'file://tools.example:8080' }, false],
    ['a sibling site', { origin: 'http://tools.example:8080', fetchSite: 'same-site' }, false],
    ['a foreign site', { fetchSite: 'cross-site' }, false],
  ])('for %s', (_name, facts, allowed) => {
    expect(mayChange({ ...none, ...facts }, 'https://tools.example.org')).toBe(allowed);
  });

  it('takes the default port as none', () => {
    expect(mayChange({ ...none, origin: 'http://tools.example', host: 'tools.example:80' }, undefined)).toBe(true);
    expect(mayChange({ ...none, origin: 'https://tools.example', host: 'tools.example' }, undefined)).toBe(true);
  });
});
