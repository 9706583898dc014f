import { crc32c } from '@tagtrail/shared/bytes/crc.js';
import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { CustodyFacts } from '@tagtrail/shared/rules/custody-facts.js';
import type { Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { describe, expect, it } from 'vitest';
import type { Disk } from '../journal/disk.js';
import { anAddress, anEvent } from '../testing/journal-fixtures.js';
import { createSimulatedDisk } from '../testing/simulated-disk.js';
import { custodyName } from './custody-file.js';
import { rulebookName } from './rulebook-file.js';
import { badgeHash, indexRulebook } from './rulebook-index.js';
import { openRulebookStore } from './rulebook-store.js';
import { createSeal } from './seal.js';

const person = idFromUuid('person', '01890a5d-ac96-774b-bcce-b302099a8059');
const asset = idFromUuid('asset', '01890a5d-ac96-774b-bcce-b302099a805a');
const badgeKey = '0b'.repeat(32);

function aRulebook(version: number, over: Partial<Rulebook> = {}): Rulebook {
  return {
    v: 1,
    version,
    ...anAddress,
    issuedAt: '2026-01-05T06:00:00.000Z',
    badgeKey,
    people: [{ person, displayName: 'Ada', language: 'en', status: 'active', validUntil: null, groups: [] }],
    badges: [{ hash: badgeHash(badgeKey, '3E00A1B2C3'), person, status: 'active', validUntil: null }],
    items: [
      {
        ...{ asset, epc: '3034257BF7194E4000001A85', name: 'Torque wrench', model: null, home: true },
        ...{ status: 'available', calibrationDueAt: null, groups: [], heldBy: null },
      },
    ],
    ...over,
  };
}

const sealOf = (secret: string, use = 'rulebook') =>
  createSeal({ secret, identity: anAddress, use, random: seededRandom('seal') });

async function aStore(disk: Disk = createSimulatedDisk(), secret = 'a secret') {
  const drafts: TraceDraft[] = [];
  const recorder = {
    record: async (draft: TraceDraft) => {
      drafts.push(draft);
      return anEvent(drafts.length);
    },
  };
  return {
    store: await openRulebookStore({
      ...{ disk, recorder, identity: anAddress, log: silentLog },
      ...{ seal: sealOf(secret), custodySeal: sealOf(secret, 'custody') },
    }),
    drafts,
  };
}

describe('the rulebook store', () => {
  it('has none at first and puts the first one in force, on the record', async () => {
    const { store, drafts } = await aStore();
    expect(store.current().version).toBe(0);
    expect(await store.accept(aRulebook(3))).toBe('applied');
    expect(store.current().rulebook).toEqual(aRulebook(3));
    expect(drafts).toEqual([{ kind: 'rulebook.applied', data: { version: 3 } }]);
  });

  it('puts news of who holds what in force without a line of its own', async () => {
    const { store, drafts } = await aStore();
    const [item] = aRulebook(3).items;
    const held = { person, name: 'Ada', since: '2026-01-05T06:10:00.000Z' };
    await store.accept(aRulebook(3));
    await store.accept(aRulebook(4, { items: item === undefined ? [] : [{ ...item, heldBy: held }] }));
    expect(store.current().rulebook?.items[0]?.heldBy).toEqual(held);
    expect(drafts).toHaveLength(1);
    await store.accept(
      aRulebook(5, { items: item === undefined ? [] : [{ ...item, groups: ['line-a'], heldBy: held }] }),
    );
    expect(drafts.at(-1)).toEqual({ kind: 'rulebook.applied', data: { version: 5 } });
    expect(drafts).toHaveLength(2);
  });

  it('takes who holds what from the newer of rulebook and custody, in whatever order they come', async () => {
    const { store, drafts } = await aStore();
    const since = '2026-01-05T06:10:00.000Z';
    const custody = (asOf: string, out: CustodyFacts['out']) =>
      store.acceptCustody({ v: 1, tenant: anAddress.tenant, asOf, out });
    const held = () => store.current().rulebook?.items.map(({ heldBy }) => heldBy?.person);
    expect(await custody('2030-01-01T00:00:00.000Z', [{ asset, person, since }])).toBe('applied');
    await store.accept(aRulebook(3));
    expect(held()).toEqual([person]);
    expect(store.current().custodyAsOf).toBe('2030-01-01T00:00:00.000Z');
    expect(await custody('2029-01-01T00:00:00.000Z', [])).toBe('older');
    expect(held()).toEqual([person]);
    await store.accept(aRulebook(4, { issuedAt: '2031-01-01T00:00:00.000Z' }));
    expect(held()).toEqual([undefined]);
    expect(store.current().custodyAsOf).toBe('2031-01-01T00:00:00.000Z');
    expect(await custody('2032-01-01T00:00:00.000Z', [{ asset, person: null, since }])).toBe('applied');
    expect(held()).toEqual([null]);
    const foreign = { v: 1 as const, tenant: idFromUuid('tenant', '01890a5d-ac96-774b-bcce-b302099a80ff') };
    expect(await store.acceptCustody({ ...foreign, asOf: '2033-01-01T00:00:00.000Z', out: [] })).toBe('foreign');
    expect(drafts.map(({ kind }) => kind)).toEqual(['rulebook.applied']);
  });

  it('keeps custody over a restart, sealed, and writes it once a minute at most', async () => {
    const disk = createSimulatedDisk();
    const since = '2026-01-05T06:10:00.000Z';
    const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString();
    const { store } = await aStore(disk);
    await store.accept(aRulebook(3));
    const out = [{ asset, person, since }];
    await store.acceptCustody({ v: 1, tenant: anAddress.tenant, asOf: at(0), out });
    await store.acceptCustody({ v: 1, tenant: anAddress.tenant, asOf: at(59), out: [] });
    expect((await aStore(disk)).store.current().custodyAsOf).toBe(at(0));
    await store.acceptCustody({ v: 1, tenant: anAddress.tenant, asOf: at(60), out });
    const again = (await aStore(disk)).store.current();
    expect(again.custodyAsOf).toBe(at(60));
    expect(again.rulebook?.items[0]?.heldBy?.person).toBe(person);
    const file = await disk.open(custodyName);
    expect(Buffer.from(await file.read(0, await file.size())).toString('latin1')).not.toContain(person);
    expect((await aStore(disk, 'another secret')).store.current().custodyAsOf).toBe('');
  });

  it('refuses older versions, repeats and those of other cabinets, and counts them', async () => {
    const { store, drafts } = await aStore();
    const other = { cabinet: idFromUuid('cabinet', '01890a5d-ac96-774b-bcce-b302099a80ff') };
    const outcomes = await Promise.all([
      store.accept(aRulebook(3)),
      store.accept(aRulebook(2)),
      store.accept(aRulebook(3)),
      store.accept(aRulebook(9, other)),
    ]);
    expect(outcomes).toEqual(['applied', 'older_version', 'same_version', 'foreign']);
    expect(store.counts()).toEqual({ applied: 1, older_version: 1, same_version: 1, foreign: 1 });
    expect(store.current().version).toBe(3);
    expect(drafts).toHaveLength(1);
  });

  it('has the newest again after a power cut, or the one before it, never half of one', async () => {
    const kept = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const disk = createSimulatedDisk();
      const { store } = await aStore(disk);
      await store.accept(aRulebook(1));
      const done = disk.operations();
      disk.stopAt(done + 1 + (seed % 8));
      void store.accept(aRulebook(2));
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      const { store: after } = await aStore(disk.crash(seededRandom(seed)));
      expect(after.fault()).toBeNull();
      kept.add(after.current().version);
    }
    expect([...kept].sort()).toEqual([1, 2]);
  });

  it('goes without rather than with a damaged one, and says so until the next comes', async () => {
    const disk = createSimulatedDisk();
    await (await aStore(disk)).store.accept(aRulebook(1));
    const bytes = disk.bytesOf(rulebookName);
    bytes[60] = (bytes[60] ?? 0) ^ 1;
    disk.overwrite(rulebookName, bytes);
    const { store } = await aStore(disk);
    expect(store.current().rulebook).toBeUndefined();
    expect(store.fault()).toMatch(/was changed/);
    expect(await store.accept(aRulebook(1))).toBe('applied');
    expect(store.fault()).toBeNull();
  });

  it('keeps nothing on the disk that can be read without the credentials', async () => {
    const disk = createSimulatedDisk();
    await (await aStore(disk)).store.accept(aRulebook(1));
    const text = Buffer.from(disk.bytesOf(rulebookName)).toString('latin1');
    for (const secret of ['Ada', 'Torque', badgeKey, person]) expect(text).not.toContain(secret);
    expect((await aStore(disk)).store.current().rulebook).toEqual(aRulebook(1));
    const { store: stolen } = await aStore(disk, 'another secret');
    expect([stolen.current().version, stolen.fault()]).toEqual([0, expect.stringMatching(/other credentials/)]);
  });

  it('seals a readable file of an earlier agent when it finds one', async () => {
    const disk = createSimulatedDisk();
    const body = JSON.stringify(aRulebook(7));
    const sum = crc32c(Buffer.from(body)).toString(16).padStart(8, '0');
    const file = await disk.create(rulebookName, 0);
    await file.write(0, Buffer.from(`tagtrail rulebook 1 ${sum}\n${body}`));
    await file.close();
    const { store, drafts } = await aStore(disk);
    expect([store.current().version, drafts]).toEqual([7, []]);
    expect(Buffer.from(disk.bytesOf(rulebookName)).toString('latin1')).not.toContain('Ada');
    expect((await aStore(disk)).store.current().version).toBe(7);
  });

  it('works by a rulebook that the disk would not keep', async () => {
    const disk = createSimulatedDisk();
    disk.limitTo(0);
    const { store } = await aStore(disk);
    expect(await store.accept(aRulebook(1))).toBe('applied');
    expect(store.current().version).toBe(1);
  });
});

describe('the rulebook index', () => {
  it('finds people, items and badges', () => {
    const index = indexRulebook(aRulebook(1));
    expect(index.personOf(person)?.displayName).toBe('Ada');
    expect(index.itemOf('3034257BF7194E4000001A85')?.name).toBe('Torque wrench');
    expect(index.assetOf(asset)?.epc).toBe('3034257BF7194E4000001A85');
    expect(index.badgeOf(index.badgeHashOf('3e00a1b2c3'))?.person).toBe(person);
    expect(index.badgeOf(index.badgeHashOf('3E00A1B2C4'))).toBeUndefined();
    expect(indexRulebook(undefined).badgeHashOf('3E00A1B2C3')).toBe('');
  });
});
