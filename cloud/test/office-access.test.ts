import { AxeBuilder } from '@axe-core/playwright';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedIn } from './app-fixture.js';
import { hasOffice, type Office, startOffice } from './office-browser.js';

/** Pages by their path; ids are put in. */
const pages = (ids: Readonly<Record<'cabinet' | 'asset' | 'person', string>>): readonly string[] => [
  '/',
  '/attention',
  '/cabinets',
  `/cabinets/${ids.cabinet}`,
  '/assets',
  `/assets/${ids.asset}`,
  '/kits',
  '/people',
  `/people/${ids.person}`,
  '/orders',
  ...['retention', 'rules', 'notices', 'quarantine', 'proof', 'sign-ins', 'contract'].map((tab) => `/settings#${tab}`),
  '/verify',
  '/nowhere',
];

/** What is clicked to open a dialog, one thing after the other, by the page that has it. */
const dialogs = (
  ids: Readonly<Record<'cabinet' | 'asset' | 'person', string>>,
): readonly (readonly [path: string, ...clicks: readonly string[]])[] => [
  ['/settings#retention', 'tr[data-category=custody][data-site=all] button'],
  ['/settings#rules', '[data-testid=add-grant]'],
  ['/settings#contract', '[data-testid=ask-leaving]'],
  [`/cabinets/${ids.cabinet}`, '[data-testid=revoke-cabinet]'],
  [`/assets/${ids.asset}`, '[data-testid=ask-loss]'],
  [`/people/${ids.person}`, 'role=tab[name=Rights]', '[data-testid=depart]'],
  [`/people/${ids.person}`, '[data-testid=change-person]'],
  ['/kits', '[data-testid=add-kit]'],
  ['/orders', '[data-testid=open-order]'],
];

/** What another look changes is looked at anew; null for everything there is. */
const looks = [
  { name: 'light', colorScheme: 'light', width: 1280, rules: null },
  { name: 'dark', colorScheme: 'dark', width: 1280, rules: ['color-contrast'] },
  { name: 'phone', colorScheme: 'light', width: 390, rules: ['link-name', 'button-name', 'label'] },
] as const;

describe.skipIf(!hasOffice)('the office for everybody (skipped where no Chromium or no built screens are)', () => {
  let office: Office;
  let ids: Record<'cabinet' | 'asset' | 'person', string>;

  beforeAll(async () => {
    office = await startOffice(new VirtualClock(Date.now()));
    const api = await signedIn(office.fixture.app, office.first, office.passwordOf(office.first));
    const idOf = async (list: string): Promise<string> => (await api.get(`/v1/${list}`)).body.data[0].id;
    ids = { cabinet: await idOf('cabinets'), asset: await idOf('assets'), person: await idOf('people') };
    await office.open();
  }, 60_000);
  afterAll(async () => {
    await office?.close();
  });

  it('has names, order and contrast on each page, light, dark and on a phone', async () => {
    const page = await office.enter(office.first, '/', { reducedMotion: 'reduce' });
    const problems: string[] = [];
    for (const path of pages(ids)) {
      await page.goto(`${office.url}${path}`);
      await settled(page);
      for (const look of looks) problems.push(...(await found(page, look)).map((problem) => `${path} ${problem}`));
    }
    await page.context().close();
    expect(problems).toEqual([]);
  }, 200_000);

  it('has them in each dialog, light and dark', async () => {
    const page = await office.enter(office.first, '/', { reducedMotion: 'reduce' });
    const problems: string[] = [];
    for (const [path, ...clicks] of dialogs(ids)) {
      await page.goto(`${office.url}${path}`);
      for (const click of clicks) await page.locator(click).first().click();
      await page.getByRole('dialog').waitFor();
      await settled(page);
      const where = `${path} ${clicks.at(-1)}`;
      for (const look of looks.slice(0, 2)) {
        problems.push(...(await found(page, look)).map((problem) => `${where} ${problem}`));
      }
    }
    await page.context().close();
    expect(problems).toEqual([]);
  }, 200_000);
});

/** Until what the page asked for is there: nothing says that it is loading. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
  // What fades in has less contrast on the way.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
}

async function found(page: Page, { name, colorScheme, width, rules }: (typeof looks)[number]): Promise<string[]> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height: 800 });
  await settled(page);
  // The page has no frames, so the findings need not be put together in a window of their own.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules === null ? axe : axe.withRules([...rules])).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${name}: ${id}: ${node.html.slice(0, 140)} ${node.any[0]?.message ?? ''}`),
  );
}
