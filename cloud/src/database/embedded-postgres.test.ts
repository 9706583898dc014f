import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './connect.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';

describe('the embedded PostgreSQL', () => {
  let folder = '';
  const options = () => ({ folder, clock: systemClock, random: systemRandom, log: silentLog, forTests: true });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-pg-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps its data and port over a restart, and its passwords to itself', async () => {
    const first = await startEmbeddedPostgres(options());
    expect((await stat(join(folder, 'postgres.json'))).mode & 0o777).toBe(0o600);
    const client = await connect(first.url('admin', 'postgres'));
    await client.query('create table kept (n int)');
    await client.end();
    await first.stop();
    await expect(readFile(join(folder, 'postgres', 'postmaster.pid'))).rejects.toThrow();

    const second = await startEmbeddedPostgres(options());
    expect(second.port).toBe(first.port);
    const again = await connect(second.url('admin', 'postgres'));
    expect((await again.query('select * from kept')).rows).toEqual([]);
    await again.end();

    const adopted = await startEmbeddedPostgres(options());
    expect(adopted).toMatchObject({ adopted: true, port: first.port });
    await adopted.stop();
  });

  it('is not held up by the process id of an earlier life that another program has now', async () => {
    const pidFile = `${process.pid}\n${join(folder, 'postgres')}\n1\n5432\n\n127.0.0.1\n`;
    await writeFile(join(folder, 'postgres', 'postmaster.pid'), pidFile);
    const server = await startEmbeddedPostgres(options());
    expect(server.adopted).toBe(false);
    await server.stop();
  });

  it('is started again on its port when it has died, with all that was committed', async () => {
    const server = await startEmbeddedPostgres(options());
    expect(await server.revive()).toBe(false);
    process.kill(
      Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]),
      'SIGKILL',
    );
    while (!(await server.revive())) await new Promise((resolve) => setImmediate(resolve));
    const client = await connect(server.url('admin', 'postgres'));
    expect((await client.query('select * from kept')).rows).toEqual([]);
    await client.end();
    await server.stop();
  });
});
