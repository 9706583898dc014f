import { describe, expect, it } from 'vitest';
import { isWhole, parseRoles } from './roles.js';

describe('the roles of a process', () => {
  it.each([
    ['all', ['ingest', 'api', 'live', 'jobs']],
    ['ingest', ['ingest']],
    [' jobs , api ', ['jobs', 'api']],
    ['live,all', ['ingest', 'api', 'live', 'jobs']],
  ])('reads %j', (text, expected) => {
    expect([...parseRoles(text)]).toEqual(expected);
  });

  it('names every word that is no role', () => {
    expect(() => parseRoles('ingest,broker,web')).toThrow(/"broker".*"web"/s);
    expect(() => parseRoles(' , ')).toThrow(/is empty/);
  });

  it('knows a process that does everything', () => {
    expect([isWhole(parseRoles('jobs,live,api,ingest')), isWhole(parseRoles('ingest,api,jobs'))]).toEqual([
      true,
      false,
    ]);
  });
});
