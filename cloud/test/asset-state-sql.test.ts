import { newUuid } from '@tagtrail/shared/ids.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assetJoins, assetStateSql } from '../src/assets/asset-row.js';
import { type AssetFacts, assetState } from '../src/assets/asset-state.js';
import { sql } from '../src/store/sql.js';
import { makeTenant, startTestDatabase, type TestDatabase } from '../src/testing/test-database.js';

const at = Date.UTC(2026, 0, 5);
const moment = fc.integer({ min: at - 3, max: at + 3 });
const facts: fc.Arbitrary<AssetFacts> = fc.record({
  status: fc.constantFrom('available', 'quarantine', 'retired'),
  calibrationDueAtMs: fc.option(moment),
  custody: fc.option(
    fc.record({
      state: fc.constantFrom('in', 'out', 'unknown'),
      disputed: fc.boolean(),
      sinceMs: moment,
      missingSinceMs: fc.option(moment),
    }),
  ),
});

describe('the state of an asset in SQL', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await startTestDatabase();
  });
  afterAll(async () => {
    await db?.close();
  });

  it('equals the pure function for any facts', async () => {
    const { tenant } = await makeTenant(db.store);
    await fc.assert(
      fc.asyncProperty(fc.array(facts, { minLength: 1, maxLength: 40 }), async (all) => {
        const states = await db.store.withTenant(tenant, async (tx) => {
          await tx.$executeRaw(sql`delete from asset where tenant_id = ${tenant}::uuid`);
          const rows = all.map((one, i) => ({
            ...one,
            ...one.custody,
            id: newUuid(at + i, systemRandom),
            known: one.custody !== null,
          }));
          const json = JSON.stringify(rows);
          await tx.$executeRaw(sql`
            insert into asset (tenant_id, id, name, status, calibration_due_at)
            select ${tenant}::uuid, id, 'x', status, to_timestamp("calibrationDueAtMs" / 1000.0)
            from json_to_recordset(${json}::json) as r (id uuid, status text, "calibrationDueAtMs" bigint)`);
          await tx.$executeRaw(sql`
            insert into custody (tenant_id, asset_id, state, since, disputed, missing_since, moved, effective_at, log_id, seq)
            select ${tenant}::uuid, id, state, now(), disputed, to_timestamp("missingSinceMs" / 1000.0), true, now(), 'x', 1
            from json_to_recordset(${json}::json)
              as r (id uuid, known boolean, state text, disputed boolean, "missingSinceMs" bigint) where known`);
          return await tx.$queryRaw<{ state: string }[]>(
            sql`select ${assetStateSql(at)} as state from asset a ${assetJoins} order by a.id`,
          );
        });
        expect(states.map((row) => row.state)).toEqual(all.map((one) => assetState(one, at)));
      }),
      { numRuns: 25 },
    );
  });
});
