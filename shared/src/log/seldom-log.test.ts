import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Log, LogFields } from './log.js';
import { seldomLog } from './seldom-log.js';

describe('a log for what strangers can cause', () => {
  let clock: VirtualClock;
  let said: string[];
  let log: Log;

  beforeEach(() => {
    clock = new VirtualClock();
    said = [];
    const say =
      (level: string) =>
      (fields: LogFields, name: string): void =>
        void said.push(`${level} ${name} ${JSON.stringify(fields)}`);
    const all = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
    log = seldomLog(all, clock, 3);
  });

  const knock = (times: number): void => {
    for (let n = 1; n <= times; n++) log.warn({ n }, 'door.knocked');
  };

  it('says a few lines of a name in a minute, and other names beside it', () => {
    knock(1000);
    log.info({ port: 1 }, 'door.opened');
    expect(said).toEqual([
      ...['warn door.knocked {"n":1}', 'warn door.knocked {"n":2}', 'warn door.knocked {"n":3}'],
      'info door.opened {"port":1}',
    ]);
  });

  it('counts what it left out', async () => {
    knock(1000);
    await clock.advance(60_000);
    knock(2);
    expect(said.slice(3)).toEqual(['warn door.knocked {"n":1,"leftOut":997}', 'warn door.knocked {"n":2}']);
  });
});
