import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenLog, openLog } from '../src/app-log/open-log.js';
import { connect } from '../src/database/connect.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const dayMs = 86_400_000;

describe('the application log of a running cloud', () => {
  let folder: string;
  let clock: VirtualClock;
  let opened: OpenLog;
  let fixture: AppFixture;
  let admin: Caller;
  const shown: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-app-log-'));
    clock = new VirtualClock(Date.now());
    const console = { write: (line: string) => void shown.push(line) };
    opened = openLog({ level: 'debug', dataFolder: folder, keepDays: 30, clock, console });
    fixture = await startApp({ clock, log: opened.log });
    const { passwords } = await fixture.seed(aCustomer('Aalto'));
    admin = await signedIn(fixture.app, 'admin@aalto.example', passwords.get('admin@aalto.example') ?? '');
  });
  afterAll(async () => {
    await fixture?.close();
    opened?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function written(): Promise<string> {
    const files = await readdir(join(folder, 'log'));
    return (await Promise.all(files.map((file) => readFile(join(folder, 'log', file), 'utf8')))).join('');
  }

  async function sql(text: string): Promise<void> {
    const owner = await connect(fixture.db.ownerUrl);
    await owner.query(text);
    await owner.end();
  }

  it('says what went wrong and names nobody', async () => {
    const wrong = { email: 'ana@aalto.example', password: 'Aalto wrong' };
    const headers = { origin: 'http://localhost:80', host: 'localhost:80' };
    await fixture.app.server.inject({ method: 'POST', url: '/v1/sign-in', headers, payload: wrong });
    await sql(`alter table person add constraint refuse_all check (name = '') not valid`);
    await sql(`alter table badge add constraint refuse_all check (ends_with = '') not valid`);
    const person = await admin.send('POST', '/v1/people', { name: 'Aalto Eve Moss', display_name: 'Aalto Eve' });
    const people = (await admin.get('/v1/people')).body.data;
    const badge = await admin.send('POST', `/v1/people/${people[0].id}/badges`, { number: '4A00AB12FF' });
    expect([person.status, badge.status]).toEqual([500, 500]);

    const log = await written();
    expect(log).toContain('auth.sign-in.refused');
    expect(log.match(/api\.request\.failed/g)).toHaveLength(2);
    expect(log).toContain('refuse_all');
    for (const secret of ['Aalto', 'Eve', 'ana@', 'aalto.example', '4A00AB12FF']) expect(log).not.toContain(secret);
    expect(shown.join('')).toBe(log);
  });

  it('is gone after its own time, whatever the rules of the trail say', async () => {
    await clock.advance(32 * dayMs);
    expect(await written()).toBe('');
  });
});
