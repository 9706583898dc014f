import { bytesOfBase64 } from '@tagtrail/shared/bytes/base64.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { openCheckpoint } from '@tagtrail/shared/proof/checkpoint.js';
import { leafOfEntry, type SealedLine } from '@tagtrail/shared/proof/entry-leaf.js';
import { verifyConsistency, verifyInclusion } from '@tagtrail/shared/proof/merkle.js';
import { parseProofFile } from '@tagtrail/shared/proof/proof-file.js';
import { type NoteKey, parseNoteKey } from '@tagtrail/shared/proof/signed-note.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyEd25519 } from '../src/proof/log-key.js';
import { type Sealer, startSealer } from '../src/proof/sealer.js';
import { nodeHashing } from '../src/store/hashing.js';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const bytes = (text: string): Uint8Array => bytesOfBase64(text) ?? new Uint8Array(0);

describe('the proofs over REST', () => {
  let fixture: AppFixture;
  let sealer: Sealer;
  let admin: Caller;
  let manager: Caller;
  let stranger: Caller;
  let tenantId: string;
  beforeAll(async () => {
    fixture = await startApp();
    sealer = startSealer({
      ...{ store: fixture.db.store, databaseUrl: fixture.db.url, clock: systemClock, log: silentLog },
      secret: 'a log secret of this test, long enough',
    });
    const own = await fixture.seed(aCustomer('Aalto'));
    const other = await fixture.seed(aCustomer('Berta'));
    tenantId = own.tenantId;
    const user = (name: string, of: typeof own, domain: string): Promise<Caller> =>
      signedIn(fixture.app, `${name}@${domain}`, of.passwords.get(`${name}@${domain}`) ?? '');
    admin = await user('admin', own, 'aalto.example');
    manager = await user('manager', own, 'aalto.example');
    stranger = await user('admin', other, 'berta.example');
    await sealer.seal(tenantId);
  });
  afterAll(async () => {
    await sealer?.close();
    await fixture?.close();
  });

  async function logKey(): Promise<NoteKey> {
    const { origin, data } = (await admin.get('/v1/proof/keys')).body;
    const key = parseNoteKey(nodeHashing, data[0].key);
    if (key === undefined || key.name !== origin) throw new Error('the key is not the log’s');
    return key;
  }

  it('show, with public keys alone, that a line stands in the trail', async () => {
    const { body } = await admin.get('/v1/entries/0/proof');
    const file = parseProofFile(body.file);
    const checkpoint = await openCheckpoint(verifyEd25519, file?.checkpoint ?? '', await logKey());
    const leaf = leafOfEntry(nodeHashing, body.line as SealedLine);
    if (file === undefined || checkpoint === undefined || !leaf.ok) throw new Error('the proof does not open');
    expect(body.line).toMatchObject({ kind: 'tenant.created', index: 0 });
    const claim = { index: file.index, size: BigInt(checkpoint.size), leaf: leaf.leaf, path: file.path };
    expect(verifyInclusion(nodeHashing, { ...claim, root: checkpoint.root })).toBe(true);
    expect(verifyInclusion(nodeHashing, { ...claim, index: 1n, root: checkpoint.root })).toBe(false);
    expect(body.path).toEqual(file.path.map((hash) => Buffer.from(hash).toString('base64')));
  });

  it('show that the trail only grew', async () => {
    const first = (await admin.get('/v1/proof/checkpoint')).body;
    await admin.send('POST', '/v1/sites', { name: 'Third', time_zone: 'UTC' });
    await sealer.seal(tenantId);
    const second = (await admin.get('/v1/proof/checkpoint')).body;
    expect(second.size).toBeGreaterThan(first.size);
    const { path } = (await admin.get(`/v1/proof/consistency?from=${first.size}&to=${second.size}`)).body;
    const claim = {
      ...{ size1: BigInt(first.size), size2: BigInt(second.size), path: path.map(bytes) },
      ...{ root1: bytes(first.root), root2: bytes(second.root) },
    };
    expect(verifyConsistency(nodeHashing, claim)).toBe(true);
    expect(verifyConsistency(nodeHashing, { ...claim, root1: bytes(second.root) })).toBe(false);
    const listed = (await admin.get('/v1/proof/checkpoints?limit=1')).body;
    expect(listed.data).toEqual([second]);
    const next = (await admin.get(`/v1/proof/checkpoints?limit=1&cursor=${listed.next_cursor}`)).body;
    expect(next.data[0].size).toBeLessThan(second.size);
  });

  it('answer with the checkpoint that was asked for or the next one', async () => {
    const sizes = (await admin.get('/v1/proof/checkpoints')).body.data.map(({ size }: { size: number }) => size);
    expect((await admin.get(`/v1/entries/0/proof?size=${sizes[0]}`)).body.size).toBe(sizes[0]);
    expect((await admin.get('/v1/entries/0/proof')).body.size).toBe(sizes.at(-1));
    expect((await admin.get(`/v1/entries/0/proof?size=${sizes[0] + 1}`)).status).toBe(404);
  });

  it('hand out tiles', async () => {
    const { body } = await admin.get('/v1/proof/tiles/0/0');
    const proof = (await admin.get('/v1/entries/1/proof')).body;
    expect(body.width).toBeGreaterThan(2);
    expect(Buffer.from(body.hashes, 'base64').subarray(32, 64).toString('base64')).toBe(proof.leaf);
    expect((await admin.get('/v1/proof/tiles/6/0')).status).toBe(404);
    expect((await admin.get('/v1/proof/tiles/7/0')).status).toBe(400);
  });

  it('are nobody else’s', async () => {
    await sealer.sealAll();
    const own = (await admin.get('/v1/proof/keys')).body.origin;
    for (const url of ['/v1/entries/0/proof', '/v1/proof/checkpoint', '/v1/proof/checkpoints', '/v1/proof/keys']) {
      const { status, text } = await stranger.get(url);
      expect(status, url).toBe(200);
      expect(text).not.toContain(own);
      expect(text).not.toContain(tenantId);
    }
    const tile = '/v1/proof/tiles/0/0';
    expect((await stranger.get(tile)).body.hashes).not.toBe((await admin.get(tile)).body.hashes);
  });

  it('are for those who may see the line', async () => {
    const south = (await admin.get('/v1/events?limit=1000')).body.data.find(
      (entry: { cabinet: { name: string } | null }) => entry.cabinet?.name === 'Aalto S1',
    );
    expect((await admin.get(`/v1/entries/${south.index}/proof`)).status).toBe(200);
    expect((await manager.get(`/v1/entries/${south.index}/proof`)).status).toBe(404);
  });

  it.each([
    '/v1/entries/-1/proof',
    '/v1/entries/9007199254740993/proof',
    '/v1/entries/x/proof',
    '/v1/proof/consistency?from=0&to=1',
  ])('refuse %s', async (url) => {
    expect((await admin.get(url)).status).toBe(400);
  });

  it('know nothing beyond what is sealed', async () => {
    const { size } = (await admin.get('/v1/proof/checkpoint')).body;
    expect((await admin.get(`/v1/entries/${size + 50}/proof`)).status).toBe(404);
    expect((await admin.get(`/v1/proof/consistency?from=1&to=${size + 50}`)).status).toBe(404);
    expect((await admin.get(`/v1/proof/consistency?from=${size}&to=1`)).status).toBe(404);
  });
});
