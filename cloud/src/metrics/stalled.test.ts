import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCabinet } from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { readStalled, stalledAfterMs } from './stalled.js';

const nowMs = Date.parse('2026-01-05T06:00:00.000Z');
let db: TestDatabase;
beforeAll(async () => {
  db = await startTestDatabase();
});
afterAll(async () => {
  await db.close();
});

it('counts the cabinets that are online and hold an event of more than a minute ago', async () => {
  const place = await makeTenant(db.store);
  const at = (agoMs: number): Date => new Date(nowMs - agoMs);
  const states = [
    { name: 'stalled', online: true, seenAgoMs: 5_000, pending: 3, oldestAgoMs: stalledAfterMs + 5_000 },
    { name: 'busy', online: true, seenAgoMs: 5_000, pending: 3, oldestAgoMs: 2_000 },
    { name: 'offline', online: false, seenAgoMs: 5_000, pending: 3, oldestAgoMs: 900_000 },
    { name: 'silent', online: true, seenAgoMs: 60_000, pending: 3, oldestAgoMs: 900_000 },
    { name: 'done', online: true, seenAgoMs: 5_000, pending: 0, oldestAgoMs: null },
  ];
  for (const { name, online, seenAgoMs, pending, oldestAgoMs } of states) {
    const { id } = await makeCabinet(db.store, place, name);
    const oldestPendingAt = oldestAgoMs === null ? null : at(oldestAgoMs).toISOString();
    const body = { pending, oldestPendingAt };
    await db.store.withTenant(place.tenant, (tx) =>
      tx.cabinetState.create({
        data: { tenantId: place.tenant, cabinetId: id, online, lastSeenAt: at(seenAgoMs), body },
      }),
    );
  }
  const stalled = await db.store.readTenant(place.tenant, (tx) => readStalled(tx, place.tenant, nowMs));
  expect(stalled).toEqual({ cabinets: 1, oldestMs: stalledAfterMs + 5_000 });
});
