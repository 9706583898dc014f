import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LiveClientEvents,
  type LivePatch,
  type LiveServerEvents,
  type LiveSnapshot,
  livePatch,
  livePath,
  liveSnapshot,
  liveVersion,
} from '@tagtrail/shared/live/protocol.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../src/app.js';
import type { BackupSecret } from '../src/backup/backup-key.js';
import { restoreBackup } from '../src/backup/restore-backup.js';
import { takeBackup } from '../src/backup/take-backup.js';
import { connect as connectDatabase } from '../src/database/connect.js';
import { openStore, type Store } from '../src/store/prisma.js';
import { appendCloudEvent } from '../src/store/trail.js';
import { type AppFixture, appOver, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

type Client = Socket<LiveServerEvents, LiveClientEvents>;
interface Place {
  readonly after: number;
  readonly mark: string | null;
}

/**
 * The trail grows to n, a backup is taken, it grows on under the eyes of a screen and of a program,
 * the backup is restored, and other lines fill the same indexes and more.
 */
describe('whoever had followed a trail that was restored and has grown past them', () => {
  const secret: BackupSecret = { kind: 'key-file', bytes: Buffer.alloc(32, 7) };
  const common = { clock: systemClock, random: systemRandom, log: silentLog, version: '0.0.0', secret };
  let folder: string;
  let fixture: AppFixture;
  let tenantId: string;
  let restored: { readonly store: Store; readonly url: string };
  let again: App;
  let program: Caller;
  const open: Client[] = [];
  /** The last index of the backup, and where screen and program stood when the disaster came. */
  let backedUp: number;
  let screenAt: Place;
  let programAt: Place;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-restored-'));
    fixture = await startApp();
    const { tenantId: id, passwords } = await fixture.seed(aCustomer('Aalto'));
    tenantId = id;
    const signIn = (app: App): Promise<Caller> =>
      signedIn(app, 'admin@aalto.example', passwords.get('admin@aalto.example') ?? '');
    const admin = await signIn(fixture.app);
    backedUp = await append(fixture.db.store, 'Before the backup');
    const path = join(folder, 'all.backup');
    await takeBackup({ ...common, ownerUrl: fixture.db.ownerUrl, dataFolder: folder, path });
    for (let i = 0; i < 3; i++) await append(fixture.db.store, `Former ${i}`);
    screenAt = await whereAScreenIs(admin.cookie);
    programAt = await whereAProgramIs(admin);
    restored = await restoreFrom(path);
    for (let i = 0; i < 6; i++) await append(restored.store, `Other ${i}`);
    again = await appOver(restored);
    await again.server.listen({ port: 0, host: '127.0.0.1' });
    program = await signIn(again);
  });
  afterAll(async () => {
    for (const client of open) client.disconnect();
    await again?.close();
    await restored?.store.close();
    await fixture?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const append = (store: Store, name: string): Promise<number> =>
    store.withTenant(tenantId, (tx) =>
      appendCloudEvent(tx, { tenant: tenantId, at: new Date().toISOString(), kind: 'site.created', data: { name } }),
    );

  async function restoreFrom(path: string): Promise<{ store: Store; url: string }> {
    const admin = await connectDatabase(fixture.db.adminUrl);
    await admin.query('create database restored owner tagtrail_owner');
    await admin.end();
    const of = (url: string) => url.replace(/\/tagtrail$/, '/restored');
    const url = of(fixture.db.url);
    await restoreBackup({
      ...{ ...common, path, replace: false, dataFolder: folder },
      ...{ ownerUrl: of(fixture.db.ownerUrl), runtimeUrl: url },
    });
    return { url, store: openStore({ url, connections: 4 }) };
  }

  async function connect(app: App, cookie: string): Promise<Client> {
    const { port } = app.server.server.address() as AddressInfo;
    const client: Client = io(`http://127.0.0.1:${port}`, {
      ...{ path: livePath, transports: ['websocket'], reconnection: false, forceNew: true },
      extraHeaders: { cookie },
    });
    open.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('connect_error', reject);
    });
    return client;
  }

  /** What the server answers with, once it has answered. */
  async function watch(from: { after: number | null; mark: string | null }, app = again, cookie = program.cookie) {
    const client = await connect(app, cookie);
    const snapshots: LiveSnapshot[] = [];
    const patches: LivePatch[] = [];
    client.on('snapshot', (snapshot) => void snapshots.push(liveSnapshot.parse(snapshot)));
    client.on('entries', (patch) => void patches.push(livePatch.parse(patch)));
    expect(await client.emitWithAck('watch', { v: liveVersion, ...from })).toEqual({ ok: true });
    return { snapshots, patches };
  }

  async function whereAScreenIs(cookie: string): Promise<Place> {
    await fixture.app.server.listen({ port: 0, host: '127.0.0.1' });
    const [snapshot] = (await watch({ after: null, mark: null }, fixture.app, cookie)).snapshots;
    return { after: snapshot?.index ?? -1, mark: snapshot?.mark ?? null };
  }

  async function whereAProgramIs(admin: Caller): Promise<Place> {
    const { body } = await admin.get('/v1/events?limit=1000');
    return { after: body.next_after, mark: body.next_mark };
  }

  it('tells a screen to load anew, instead of handing it the lines behind those of the former trail', async () => {
    expect(screenAt.after).toBe(backedUp + 3);
    const { snapshots, patches } = await watch(screenAt);
    expect(patches).toEqual([]);
    expect(snapshots).toHaveLength(1);
    expect(snapshots[0]).toMatchObject({ continues: false });
    expect(JSON.stringify(snapshots)).toContain('Other 0');
    expect(JSON.stringify(snapshots)).not.toContain('Former');
  });

  it('goes on from a place that the restored trail shares with the former one', async () => {
    const first = await program.get(`/v1/events?limit=${backedUp + 1}`);
    expect(first.body.next_after).toBe(backedUp);
    const shared = { after: backedUp, mark: first.body.next_mark };
    const { snapshots, patches } = await watch(shared);
    expect(snapshots).toEqual([]);
    const names = patches.flatMap(({ entries }) => entries.flatMap(({ data }) => data.name ?? []));
    expect(names).toEqual([0, 1, 2, 3, 4, 5].map((i) => `Other ${i}`));
  });

  it('tells a program that what it read is no longer the trail, and where to begin again', async () => {
    const { status, body } = await program.get(`/v1/events?after=${programAt.after}&mark=${programAt.mark}`);
    expect([status, body.type]).toEqual([410, expect.stringMatching(/trail-restored$/)]);
  });
});
