import { bytesOfBase64 } from '@tagtrail/shared/bytes/base64.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { leafOfEntry } from '@tagtrail/shared/proof/entry-leaf.js';
import { verifyInclusion } from '@tagtrail/shared/proof/merkle.js';
import { personalDataFields } from '@tagtrail/shared/proof/personal-fields.js';
import { openNote } from '@tagtrail/shared/proof/signed-note.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logSigner, verifyEd25519 } from '../src/proof/log-key.js';
import { retentionStep, type StepDone, type StepPlace } from '../src/retention/retention-step.js';
import { nodeHashing } from '../src/store/hashing.js';
import { rebuildProjections } from '../src/store/projections/rebuild.js';
import type { StoredLine } from '../src/store/read-lines.js';
import { sql } from '../src/store/sql.js';
import { inventoryEvent } from '../src/testing/test-cabinet.js';
import { verifyText } from '../src/testing/test-export.js';
import { type AppFixture, startApp } from './app-fixture.js';
import { dayMs, epcs, logSecret, type RetentionCase, startRetentionCase } from './retention-fixture.js';

interface Proof {
  readonly leaf: string;
  readonly path: readonly string[];
  readonly size: number;
}

describe('a run of retention', () => {
  let fixture: AppFixture;
  let clock: VirtualClock;
  let turn = 0;
  let given: RetentionCase;

  beforeAll(async () => {
    clock = new VirtualClock(Date.now() - 430 * dayMs);
    fixture = await startApp({ clock });
  });
  afterAll(async () => {
    await fixture?.close();
  });
  beforeEach(async () => {
    turn += 1;
    given = await startRetentionCase(fixture, { clock, name: `Run${turn}` });
  });

  it('touches nothing that a checkpoint does not cover yet', async () => {
    await given.report(given.taken(0, 0));
    await given.setRule('custody', { keep_days: 5 });
    await given.pass(10);
    expect((await given.run()).data).toEqual([]);
    await given.seal();
    expect((await given.run()).data).toMatchObject([{ category: 'custody', entries: 1, carried: 1 }]);
  });

  it('looks at no line twice, though all are of one moment and some are held', async () => {
    const { tenantId, assets } = given;
    await given.report(...[0, 1, 2, 0, 1, 2, 0].map((which) => given.returned(which, 0)));
    const review = { reason: 'claim', review_on: '2099-01-01' };
    const held = { kind: 'asset', subject: idFromUuid('asset', assets[1] as string) };
    expect((await given.admin().send('POST', '/v1/holds', { ...held, ...review })).status).toBe(200);
    await given.setRule('custody', { keep_days: 5 });
    await given.pass(10);
    await given.seal();
    const step = {
      ...{ tenantId, category: 'custody' as const, site: null, action: 'delete' as const },
      ...{ atMs: clock.wallMs(), beforeMs: clock.wallMs() - 5 * dayMs },
    };
    const taken: number[] = [];
    let after: StepPlace | null = null;
    do {
      const place: StepPlace | null = after;
      const done: StepDone = await fixture.db.store.withTenant(tenantId, (tx) =>
        retentionStep(tx, step, { after: place, atMost: 2 }),
      );
      taken.push(done.entries);
      after = done.place;
    } while (after !== null);
    expect(taken).toEqual([2, 2, 1]);
    expect(await given.kinds()).toEqual(['asset.returned', 'asset.returned']);
  });

  /** Whether the line, or what is left of it, still follows from the root that was signed when it was whole. */
  function stands(
    { index, left }: { readonly index: number; readonly left: StoredLine | undefined },
    proof: Proof,
    root: Uint8Array,
  ): boolean {
    const again = left === undefined ? undefined : leafOfEntry(nodeHashing, left);
    const leaf = left === undefined ? bytesOfBase64(proof.leaf) : again?.ok ? again.leaf : undefined;
    return verifyInclusion(nodeHashing, {
      ...{ index: BigInt(index), size: BigInt(proof.size), root },
      leaf: leaf ?? new Uint8Array(0),
      path: proof.path.map((hash) => bytesOfBase64(hash) ?? new Uint8Array(0)),
    });
  }

  async function reportVisit(): Promise<void> {
    const session = idFromUuid('session', given.session);
    const settled = { outcome: 'settled', taken: 1, returned: 0, disputed: 0, elapsedMs: 5 };
    await given.report(
      given.opened(),
      given.taken(0, 0),
      { kind: 'session.closed', at: given.now(), session, data: settled },
      inventoryEvent(given.now(), [epcs[2]], []),
      given.returned(1, 1),
    );
    await given.pass(1);
    await given.report(inventoryEvent(given.now(), [], [epcs[2]]));
    await given.seal();
  }

  it('leaves every proof standing, signs a receipt, and rebuilds to the same', async () => {
    const { tenantId, people, assets, setRule, seal } = given;
    await reportVisit();
    const before = await given.lines();
    const proofs = new Map<number, Proof>();
    for (const { index } of before)
      proofs.set(index, (await given.admin().get(`/v1/entries/${index}/proof`)).body as Proof);
    await setRule('custody', { keep_days: 10, action: 'pseudonymise' });
    for (const category of ['session', 'inventory']) await setRule(category, { keep_days: 10 });
    await given.pass(400);
    await seal();
    const { data } = await given.run();
    expect(data).toMatchObject([
      { category: 'custody', action: 'pseudonymise', carried: 1 },
      { category: 'session', action: 'delete', entries: 2 },
      { category: 'inventory', action: 'delete', entries: 1, carried: 1 },
      ...data.slice(3),
    ]);
    // What went missing is still missing, and who has a tool out still has it.
    const after = (await given.projections()) as {
      custody: { assetId: string; holderId: string | null; missingSince: Date | null }[];
      session: unknown[];
    };
    expect(after.custody.find(({ assetId }) => assetId === assets[0])?.holderId).toBe(people[0]);
    expect(after.custody.find(({ assetId }) => assetId === assets[2])?.missingSince).toBeInstanceOf(Date);
    expect(after.session).toEqual([]);
    await rebuildProjections(fixture.db.store, tenantId);
    expect(await given.projections()).toEqual(after);

    const checkpoints = await fixture.db.store.readTenant(tenantId, (tx) => tx.checkpoint.findMany());
    const left = new Map((await given.lines()).map((line) => [line.index, line]));
    for (const { index, kind } of before) {
      const proof = proofs.get(index) as Proof;
      const root = checkpoints.find(({ size }) => Number(size) === proof.size)?.root ?? new Uint8Array(0);
      expect(stands({ index, left: left.get(index) }, proof, root), `${index} ${kind}`).toBe(true);
    }
    await seal();
    const exported = await given.whileSealing(given.admin().get('/v1/trail/export'));
    const verdict = await verifyText(exported.text);
    expect(verdict.problems).toEqual([]);
    expect(verdict.withheld.absent).toBeGreaterThanOrEqual(3);
    expect(verdict.custody.checked).toBeGreaterThan(0);

    const receipt = (await given.admin().get(`/v1/retention/runs/${data[0].id}/receipt`)).body;
    const text = await openNote(verifyEd25519, receipt.note, logSigner(logSecret, tenantId).key);
    expect(JSON.parse(text?.split('\n')[1] ?? '')).toMatchObject({
      ...data[0],
      tenant: idFromUuid('tenant', tenantId),
    });
  });

  it('takes out the same fields in the database as in the leaf', async () => {
    const rows = await fixture.db.store.readTenant(given.tenantId, (tx) =>
      tx.$queryRaw<{ fields: string[] }[]>(sql`select personal_data_fields() as fields`),
    );
    expect(rows[0]?.fields).toEqual([...personalDataFields]);
  });
});
