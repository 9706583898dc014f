import { readFileSync } from 'node:fs';
import { newUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngest } from '../src/ingest/ingest.js';
import { logSigner } from '../src/proof/log-key.js';
import { sealTenant } from '../src/proof/seal.js';
import { signReceipts } from '../src/retention/receipts.js';
import type { EntryDraft } from '../src/store/entry-draft.js';
import { appendEntries } from '../src/store/trail.js';
import { makeCabinet } from '../src/testing/test-cabinet.js';
import { type Caller, signedIn } from './app-fixture.js';
import { hasOffice, type Office, startOffice } from './office-browser.js';

const dayMs = 86_400_000;
const torch = 'E28011700000000000009001';
const stray = 'E28011700000000000009002';

describe.skipIf(!hasOffice)('the office in a real browser (skipped where no Chromium or no built screens are)', () => {
  const clock = new VirtualClock(Date.now() - 430 * dayMs);
  let office: Office;
  let api: Caller;
  const enter = (email: string, path: string): Promise<Page> => office.enter(email, path);

  beforeAll(async () => {
    office = await startOffice(clock);
    await recordOldReturns(4);
    clock.stepWall(430 * dayMs);
    await seeUnknownTags(torch, stray);
    await seal();
    api = await signedIn(office.fixture.app, office.second, office.passwordOf(office.second));
    await office.open();
  }, 60_000);
  afterAll(async () => {
    await office?.close();
  });

  async function recordOldReturns(count: number): Promise<void> {
    const at = new Date(clock.wallMs()).toISOString();
    const line: Omit<EntryDraft, 'sessionId'> = {
      ...{ occurredAt: at, effectiveAt: at, kind: 'asset.returned', category: 'custody', source: 'cabinet' },
      ...{ status: 'accepted', siteId: null, cabinetId: null, actorId: null, counterpartId: null, assetId: null },
      ...{ orderId: null, logId: null, seq: null, chain: null, origin: null, data: { epc: '30' } },
    };
    await office.fixture.db.store.withTenant(office.tenantId, (tx) =>
      appendEntries(
        tx,
        { tenant: office.tenantId, recordedAt: at },
        Array.from({ length: count }, () => ({ ...line, sessionId: newUuid(clock.wallMs(), systemRandom) })),
      ),
    );
  }

  async function seeUnknownTags(...tags: readonly string[]): Promise<void> {
    const { store } = office.fixture.db;
    const sites = await store.readTenant(office.tenantId, (tx) => tx.site.findMany());
    const cabinet = await makeCabinet(store, { tenant: office.tenantId, site: sites[0]?.id ?? '' }, 'Q1');
    const ingest = createIngest({ store, clock, random: systemRandom, log: silentLog, send: async () => {} });
    const evidence = { reads: 12, rounds: 3, antennas: [1], bestRssiDbm: -50 };
    const at = new Date(clock.wallMs()).toISOString();
    cabinet.record(...tags.map((epc) => ({ kind: 'tag.unknown_seen' as const, at, data: { epc, evidence } })));
    await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(cabinet.batch(1))));
    await ingest.close();
  }

  /** Only what a checkpoint covers may go; a receipt is signed with the next one. */
  async function seal(): Promise<void> {
    const signer = logSigner('a log secret of this test, long enough', office.tenantId);
    const target = { tenant: office.tenantId, atMs: clock.wallMs() };
    const { store } = office.fixture.db;
    while ((await store.withTenant(office.tenantId, (tx) => sealTenant(tx, target, signer))) !== undefined);
    await store.withTenant(office.tenantId, (tx) => signReceipts(tx, target, signer));
  }

  it('sets a rule after its rehearsal, asks a second person, and gives the receipt of the run', async () => {
    const first = await enter('admin@aalto.example', '/settings');
    await first.click('tr[data-category=custody][data-site=all] button');
    const dialog = first.getByTestId('retention-dialog');
    await dialog.getByLabel('Keep for this many days').fill('300');
    expect(await dialog.getByTestId('save-rule').count()).toBe(0);
    await dialog.getByTestId('rehearse').click();
    await dialog.getByText('4 lines would be deleted.').waitFor();
    await dialog.getByTestId('second-person').waitFor();
    await dialog.getByTestId('save-rule').click();
    await dialog.waitFor({ state: 'detached' });
    await first.waitForSelector('tr[data-change][data-status=waiting]');
    expect(await first.getByTestId('approve-change').count()).toBe(0);
    expect(await first.getAttribute('tr[data-category=custody]', 'data-keep-days')).not.toBe('300');

    const second = await enter('second@aalto.example', '/settings');
    await second.getByTestId('approve-change').click();
    await second.waitForSelector('tr[data-category=custody][data-keep-days="300"]');
    await second.waitForSelector('tr[data-category=custody] [data-due="4"]');
    await second.getByRole('button', { name: 'Run now' }).click();
    await second.getByRole('button', { name: 'Yes, run now' }).click();
    await second.waitForSelector('[data-testid=run-outcome][data-ran="1"]');
    await second.getByRole('dialog').getByText('Close', { exact: true }).click();
    const run = second.locator('tr[data-run]');
    await run.getByText('4 lines').waitFor();

    await run.getByTestId('receipt').click();
    await second.getByText('Not signed yet.', { exact: false }).waitFor();
    await seal();
    const [download] = await Promise.all([second.waitForEvent('download'), run.getByTestId('receipt').click()]);
    const id = await run.getAttribute('data-run');
    const kept = await api.get(`/v1/retention/runs/${id}/receipt`);
    expect(readFileSync(await download.path(), 'utf8')).toBe(kept.body.note);
    expect(kept.body.note).toContain('custody');
  }, 60_000);

  it('gives an unknown tag to a new tool, and rejects another with a reason', async () => {
    const page = await enter('admin@aalto.example', '/settings#quarantine');
    const rows = page.locator('tr[data-quarantine]');
    const rowOf = (epc: string) => rows.filter({ hasText: epc.slice(-6) });
    await rowOf(torch).getByTestId('adopt').click();
    await page.getByLabel('Name of the tool').fill('Head torch 9');
    await page.getByTestId('decision-confirm').click();
    await rowOf(torch).waitFor({ state: 'detached' });
    await rowOf(stray).getByTestId('reject').click();
    expect(await page.getByTestId('decision-confirm').isDisabled()).toBe(true);
    await page.getByLabel('Why it is rejected').fill('a visitor’s own tool');
    await page.getByTestId('decision-confirm').click();
    await rows.first().waitFor({ state: 'detached' });
    await page.getByText('Adopted', { exact: true }).click();
    await page.locator('tr[data-state=adopted]').getByText('Head torch 9', { exact: false }).waitFor();

    const tools = (await api.get('/v1/assets?q=Head%20torch')).body.data;
    expect(tools).toMatchObject([{ name: 'Head torch 9', epc: torch }]);
    const rejected = (await api.get('/v1/quarantine?state=rejected')).body.data;
    expect(rejected).toMatchObject([{ epc: stray, note: 'a visitor’s own tool', decided_by: { name: 'Aalto Admin' } }]);
  }, 60_000);

  it('takes on by name what needs somebody, and retires what two people say is lost', async () => {
    const [tool] = (await api.get('/v1/assets?q=Torque%20wrench%200')).body.data;
    const first = await enter('admin@aalto.example', `/assets/${tool.id}`);
    await first.getByTestId('ask-loss').click();
    expect(await first.getByTestId('decision-confirm').isDisabled()).toBe(true);
    await first.getByLabel('What was done to find it').fill('both halls searched');
    await first.getByTestId('decision-confirm').click();
    await first.getByTestId('decision-dialog').waitFor({ state: 'detached' });

    const second = await enter('second@aalto.example', '/attention');
    const lost = second.locator('li[data-kind=loss_asked]');
    await lost.getByText('both halls searched', { exact: false }).waitFor();
    const silent = second.locator('li[data-kind=cabinet_silent]').first();
    const id = await silent.getAttribute('data-attention');
    await silent.getByTestId('look-after').click();
    await second.getByLabel('What you do about it (optional)').fill('on my way');
    await second.getByTestId('decision-confirm').click();
    await second.locator(`li[data-attention="${id}"]`).waitFor({ state: 'detached' });
    await lost.getByTestId('decide-loss').click();
    await second.getByText('It is lost', { exact: true }).click();
    await second.getByTestId('decision-confirm').click();
    await lost.waitFor({ state: 'detached' });

    const taken = (await api.get('/v1/attention?state=acknowledged')).body.data;
    expect(taken).toMatchObject([{ id, acknowledged: { by: { name: 'Second' }, note: 'on my way' } }]);
    expect((await api.get(`/v1/assets/${tool.id}`)).body.state).toBe('retired');
  }, 60_000);

  it('opens an order, makes a kit and denies a model, as the API tells it afterwards', async () => {
    const page = await enter('admin@aalto.example', '/orders');
    await page.getByTestId('open-order').click();
    await page.getByLabel('Number').fill('4711');
    await page.getByTestId('decision-confirm').click();
    await page.locator('tr[data-order][data-state=open]').getByText('4711').waitFor();

    await page.goto(`${office.url}/kits`);
    await page.getByTestId('add-kit').click();
    await page.getByTestId('kit-box').fill('Torque wrench 1');
    await page.getByRole('option', { name: /Torque wrench 1/ }).click();
    await page.getByTestId('kit-children').fill('Torque wrench 2');
    await page.getByRole('option', { name: /Torque wrench 2/ }).click();
    await page.getByTestId('kit-children').blur();
    await page.getByTestId('decision-confirm').click();
    await page.locator('[data-kit]').getByText('Aalto Torque wrench 2').waitFor();

    await page.goto(`${office.url}/settings`);
    await page.getByRole('tab', { name: 'Rules' }).click();
    await page.getByTestId('add-grant').click();
    await page.getByText('May not take', { exact: true }).last().click();
    await page.getByText('A group', { exact: true }).click();
    await page.getByRole('combobox', { name: 'Group' }).fill('line');
    await page.getByRole('combobox', { name: 'Group' }).blur();
    await page.getByText('A model', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Model' }).fill('Aalto TW-2');
    await page.getByRole('textbox', { name: 'Why' }).fill('recalled by the maker');
    await page.getByTestId('decision-confirm').click();
    await page.locator('tr[data-grant][data-effect=deny]').getByText('recalled by the maker').waitFor();

    expect((await api.get('/v1/orders')).body.data).toMatchObject([{ number: '4711', people: null, cabinets: null }]);
    const [kit] = (await api.get('/v1/kits')).body.data;
    expect(kit).toMatchObject({
      name: 'Aalto Torque wrench 1',
      children: [{ asset: { name: 'Aalto Torque wrench 2' } }],
    });
    const [grant] = (await api.get('/v1/grants')).body.data;
    expect(grant).toMatchObject({ effect: 'deny', group: 'line', model: 'Aalto TW-2', note: 'recalled by the maker' });
  }, 60_000);
});
