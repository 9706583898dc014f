import { newUuid } from '@tagtrail/shared/ids.js';
import type { CabinetView, LiveSnapshot } from '@tagtrail/shared/live/protocol.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../auth/scope.js';
import { connect } from '../database/connect.js';
import { readMarks } from '../entries/trail-mark.js';
import { startSealer } from '../proof/sealer.js';
import { sql } from '../store/sql.js';
import { appendCloudEvent } from '../store/trail.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import type { Emit } from './answer-watch.js';
import { TenantFeed } from './tenant-feed.js';

interface Sent {
  readonly to: string;
  readonly event: string;
  readonly payload: unknown;
}

describe('TenantFeed', () => {
  let db: TestDatabase;
  let clock: VirtualClock;
  let scope: Scope;
  let cabinet: string;
  let feed: TenantFeed;
  let sent: Sent[];
  let heard: (() => void) | undefined;

  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db?.close();
  });
  beforeEach(async () => {
    clock = new VirtualClock();
    sent = [];
    const { tenant, site } = await makeTenant(db.store);
    cabinet = newUuid(clock.wallMs(), systemRandom);
    scope = { tenantId: tenant, userId: 'u', role: 'admin', siteIds: null };
    await db.store.withTenant(tenant, async (tx) => {
      await tx.$executeRaw(sql`insert into cabinet (tenant_id, id, site_id, name, secret_hash, public_key)
        values (${tenant}::uuid, ${cabinet}::uuid, ${site}::uuid, 'C1', ${'0'.repeat(64)}, 'key')`);
      await tx.$executeRaw(sql`insert into cabinet_state (tenant_id, cabinet_id, online, last_seen_at)
        values (${tenant}::uuid, ${cabinet}::uuid, true, ${new Date(clock.wallMs())})`);
    });
    feed = new TenantFeed({ tenantId: tenant, store: db.store, clock, log: silentLog, toRoom: (room) => emitTo(room) });
  });

  function emitTo(to: string): Emit {
    return (event, ...payload) => {
      sent.push({ to, event, payload: payload[0] });
      heard?.();
    };
  }

  /** The first message of this kind that has not been looked at. */
  async function next(event: string): Promise<unknown> {
    for (;;) {
      const index = sent.findIndex((one) => one.event === event);
      if (index >= 0) return sent.splice(index, 1)[0]?.payload;
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  }

  const watch = () => feed.watch({ scope, after: null, emit: emitTo('me'), join: () => {} });

  it('says by itself that a cabinet has fallen silent', async () => {
    await watch();
    const start = (await next('snapshot')) as LiveSnapshot;
    expect(start.cabinets.map((one) => one.link)).toEqual(['online']);
    await clock.advance(25_001);
    await clock.advance(250);
    expect(((await next('cabinet')) as CabinetView).link).toBe('stale');
    await clock.advance(1000);
    expect(await next('overview')).toMatchObject({
      cabinets: { online: 0, silent: 1 },
      freshness: { complete: false },
    });
  });

  it('pushes a busy cabinet at most four times a second', async () => {
    await watch();
    for (let i = 0; i < 20; i++) feed.cabinetsMoved([cabinet]);
    await clock.advance(10);
    await next('cabinet');
    for (let i = 0; i < 20; i++) feed.cabinetsMoved([cabinet]);
    await clock.advance(200);
    expect(sent.filter((one) => one.event === 'cabinet')).toEqual([]);
    await clock.advance(50);
    await next('cabinet');
    expect(sent.filter((one) => one.event === 'cabinet')).toEqual([]);
  });

  it('gives the screens a whole new picture when the database under it was put back and has grown again', async () => {
    const { tenantId: tenant } = scope;
    const append = (name: string) =>
      db.store.withTenant(tenant, (tx) =>
        appendCloudEvent(tx, {
          tenant,
          at: new Date(clock.wallMs()).toISOString(),
          kind: 'site.created',
          data: { name },
        }),
      );
    await append('kept');
    const last = await append('lost');
    await watch();
    await next('snapshot');
    const admin = await connect(db.adminUrl);
    await admin.query(`delete from entry where tenant_id = $1 and index = $2`, [tenant, last]);
    await admin.query(`update tenant_head set next_index = $2 where tenant_id = $1`, [tenant, last]);
    await admin.end();
    for (let i = 0; i < 3; i++) await append(`other ${i}`);
    feed.trailMoved();
    const again = (await next('snapshot')) as LiveSnapshot;
    expect([again.index, again.continues]).toEqual([last + 2, false]);
    expect(again.entries.map(({ data }) => data.name)).toEqual(['kept', 'other 0', 'other 1', 'other 2']);
    await append('next');
    feed.trailMoved();
    expect(await next('entries')).toMatchObject({ from: last + 3, to: last + 3 });
  });

  it('knows a line by its mark when retention has taken the line and left its leaf', async () => {
    const { tenantId: tenant } = scope;
    const index = await db.store.withTenant(tenant, (tx) =>
      appendCloudEvent(tx, {
        tenant,
        at: new Date(clock.wallMs()).toISOString(),
        kind: 'site.created',
        data: { name: 'N' },
      }),
    );
    const marks = () => db.store.readTenant(tenant, (tx) => readMarks(tx, tenant, [index, index + 9]));
    const before = await marks();
    const sealer = startSealer({
      ...{ clock: systemClock, random: systemRandom, log: silentLog },
      ...{ store: db.store, databaseUrl: db.url, secret: 'the secret of the log' },
    });
    await sealer.seal(tenant);
    await sealer.close();
    const admin = await connect(db.adminUrl);
    await admin.query('delete from entry where tenant_id = $1', [tenant]);
    await admin.end();
    expect(await marks()).toEqual(before);
    expect([...before.keys()]).toEqual([index]);
  });

  it('does nothing for nobody and leaves no timer behind', async () => {
    feed.cabinetsMoved([cabinet]);
    feed.trailMoved();
    expect(clock.pending()).toEqual([]);
    await watch();
    expect(clock.pending()).toEqual(['cabinet stale']);
    feed.leave(scope);
    expect([feed.isIdle, clock.pending()]).toEqual([true, []]);
  });
});
