import { describe, expect, it } from 'vitest';
import { createPasswordHash } from './password-hash.js';

describe('the hash of passwords', () => {
  it('accepts the password, composed or not, and no other', async () => {
    const passwords = createPasswordHash({ atOnce: 2, waiting: 10 });
    const hash = await passwords.hash('caf\u00e9 12 stra\u00dfe');
    expect(await passwords.verify({ hash, password: 'cafe\u0301 12 stra\u00dfe' })).toBe(true);
    expect(await passwords.verify({ hash, password: 'cafe 12 strasse' })).toBe(false);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
  });

  it('refuses a flood beyond its queue and goes on afterwards', async () => {
    const passwords = createPasswordHash({ atOnce: 1, waiting: 2 });
    const answers = await Promise.allSettled(Array.from({ length: 6 }, () => passwords.hash('a long password')));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused.map((answer) => answer.reason.problem)).toEqual(['unavailable', 'unavailable', 'unavailable']);
    expect(await passwords.hash('another password')).toMatch(/argon2id/);
  });
});
