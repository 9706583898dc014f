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

const looks = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 390, height: 844 } },
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

  it.each(looks)(
    'has names, order and contrast on each page: $colorScheme, $viewport.width wide',
    async (look) => {
      const page = await office.enter(office.first, '/', { ...look, reducedMotion: 'reduce' });
      const problems: string[] = [];
      for (const path of pages(ids)) {
        await page.goto(`${office.url}${path}`);
        await settled(page);
        problems.push(...(await found(page)).map((problem) => `${path}: ${problem}`));
      }
      await page.context().close();
      expect(problems).toEqual([]);
    },
    200_000,
  );

  it.each(looks.slice(0, 2))(
    'has them in each dialog: $colorScheme',
    async (look) => {
      const page = await office.enter(office.first, '/', { ...look, reducedMotion: 'reduce' });
      const problems: string[] = [];
      for (const [path, ...clicks] of dialogs(ids)) {
        await page.goto(`${office.url}${path}`);
        for (const click of clicks) await page.locator(click).first().click();
        await page.getByRole('dialog').waitFor();
        await settled(page);
        problems.push(...(await found(page)).map((problem) => `${path} ${clicks.at(-1)}: ${problem}`));
      }
      await page.context().close();
      expect(problems).toEqual([]);
    },
    200_000,
  );
});

/** Until what the page asked for is there: nothing says that it is loading. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
}

async function found(page: Page): Promise<string[]> {
  // The page has no frames, so the findings need not be put together in a window of their own.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 140)} ${node.any[0]?.message ?? ''}`),
  );
}
