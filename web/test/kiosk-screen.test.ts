import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FixtureName, fixtureAnswers, fixtureStates } from './kiosk-fixtures.js';
import { type KioskTestServer, serveKiosk } from './kiosk-server.js';

/** The built page in a real browser: what a jsdom test cannot see. */
const chromiumPath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
/** A folder that keeps a picture of every screen. */
const lookAt = process.env.LOOK_AT;
const sizes = [
  { width: 1024, height: 600 },
  { width: 1280, height: 800 },
] as const;
const languages = ['en', 'fr'] as const;
const tapPx = 90;
const textPx = 24;

/** A way to a page: the state it starts from, then the buttons that lead there. */
const ways: Readonly<Record<string, { readonly from: FixtureName; readonly taps: readonly string[] }>> = {
  find: { from: 'idle', taps: ['kiosk-find'] },
  'find-answer': { from: 'idle-offline-missing', taps: ['kiosk-find', 'key:T'] },
  'find-tool': { from: 'idle', taps: ['kiosk-find', 'key:T', 'kiosk-found'] },
  pin: { from: 'idle', taps: ['kiosk-pin', 'kiosk-digit-4', 'kiosk-digit-2'] },
  'pin-second': { from: 'idle', taps: ['kiosk-pin', 'kiosk-digit-4', 'kiosk-enter', 'kiosk-digit-1', 'kiosk-digit-2'] },
  'pin-locked': { from: 'locked', taps: ['kiosk-pin'] },
  'mine-asks': { from: 'idle', taps: ['kiosk-mine'] },
  'notice-unsigned': { from: 'idle', taps: ['kiosk-mine', 'kiosk-notice'] },
  missing: { from: 'searching', taps: ['kiosk-missing'] },
  'missing-tool': { from: 'idle-offline-missing', taps: ['kiosk-missing', 'kiosk-missing-tool'] },
  'missing-search': { from: 'searching', taps: ['kiosk-missing', 'kiosk-missing-tool'] },
  mine: { from: 'signed', taps: ['kiosk-mine'] },
  'my-items': { from: 'greeting-warned', taps: ['kiosk-mine', 'kiosk-my-items'] },
  'my-sessions': { from: 'signed', taps: ['kiosk-mine', 'kiosk-my-sessions'] },
  'notice-changes': { from: 'signed', taps: ['kiosk-mine', 'kiosk-notice'] },
  'notice-text': { from: 'signed', taps: ['kiosk-mine', 'kiosk-notice', 'kiosk-notice-next'] },
  orders: { from: 'greeting-order', taps: ['kiosk-order-other'] },
  report: { from: 'receipt', taps: ['kiosk-line'] },
  'report-choice': { from: 'greeting', taps: ['kiosk-report'] },
  'report-done': { from: 'receipt', taps: ['kiosk-line', 'kiosk-report-broken'] },
  kit: { from: 'receipt-busy', taps: ['kiosk-kit'] },
  'hand-over-choice': { from: 'greeting', taps: ['kiosk-hand-over', 'kiosk-hand-over-tool'] },
  'return-choice': { from: 'return-reader', taps: ['kiosk-return-only', 'kiosk-return-tool'] },
  'shift-end': { from: 'greeting', taps: ['kiosk-shift-end', 'kiosk-shift-keeping'] },
  'shift-check': {
    from: 'greeting',
    taps: [
      'kiosk-shift-end',
      'kiosk-shift-keeping',
      'kiosk-shift-lost',
      'kiosk-shift-left_on_job',
      'kiosk-shift-keeping',
    ],
  },
};
const screens = [
  ...Object.keys(fixtureStates).map((name) => ({ name, from: name as FixtureName, taps: [] as readonly string[] })),
  ...Object.entries(ways).map(([name, way]) => ({ name: `page-${name}`, ...way })),
];

/** Every tone and every state of a row is on one of these. */
const inEachColour = [
  'idle-offline-missing',
  'refused-lost',
  'greeting-warned',
  'witness',
  'return-reader',
  'open-marked',
  'open-alarm',
  'reading',
  'receipt-busy',
  'receipt',
  'page-find-answer',
  'page-missing-search',
  'page-shift-check',
];

describe.skipIf(chromiumPath === undefined)('the kiosk page in Chromium', () => {
  let server: KioskTestServer;
  let browser: Browser;
  beforeAll(async () => {
    if (lookAt !== undefined) mkdirSync(lookAt, { recursive: true });
    server = await serveKiosk(fixtureStates.idle, answerOf);
    browser = await chromium.launch({
      executablePath: chromiumPath as string,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('has contrast for bad light in each colour, and names for each button', async () => {
    const context = await browser.newContext({ viewport: sizes[0], reducedMotion: 'reduce' });
    const page = await context.newPage();
    const problems: string[] = [];
    for (const { name, from, taps } of screens.filter((screen) => inEachColour.includes(screen.name))) {
      server.show(fixtureStates[from]);
      await page.goto(server.address);
      await page.waitForSelector(`[data-phase=${fixtureStates[from].phase}]`);
      for (const tap of taps) await tapOn(page, tap);
      problems.push(...(await contrast(page)).map((problem) => `${name}: ${problem}`));
    }
    await context.close();
    expect(problems).toEqual([]);
  }, 400_000);

  it('fits, can be read and can be hit on every screen, at each size and in each language', async () => {
    const context = await browser.newContext({ viewport: sizes[0], reducedMotion: 'reduce' });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
    for (const { name, from, taps } of screens) {
      server.show({ ...fixtureStates[from], language: languages[0] });
      await page.goto(server.address);
      await page.waitForSelector(`[data-phase=${fixtureStates[from].phase}]`);
      for (const tap of taps) await tapOn(page, tap);
      // The screen stays where it was led to: the cabinet says another language, and the window gets another size.
      for (const language of languages) {
        server.show({ ...fixtureStates[from], language });
        await page.waitForFunction((lang) => document.documentElement.lang === lang, language);
        for (const size of sizes) {
          await page.setViewportSize(size);
          const where = `${name}, ${size.width}x${size.height}, ${language}`;
          problems.push(...(await page.evaluate(measure, { tapPx, textPx })).map((problem) => `${where}: ${problem}`));
          if (lookAt !== undefined)
            await page.screenshot({ path: join(lookAt, `${size.width}-${language}-${name}.png`) });
        }
      }
    }
    await context.close();
    expect(problems).toEqual([]);
  }, 400_000);
});

function answerOf(action: unknown): unknown {
  const text = JSON.stringify(action);
  if (text.includes('"text"')) return fixtureAnswers.find;
  return text === '{}' ? fixtureAnswers.myData : { ok: true };
}

async function tapOn(page: Page, tap: string): Promise<void> {
  if (tap.startsWith('key:')) {
    await page.locator('.tk-keys').getByText(tap.slice(4), { exact: true }).click();
    await page.waitForSelector('[data-testid=kiosk-found]');
    return;
  }
  // A row is hit on its own button, not on the one at its edge.
  const target = page.locator(`button[data-testid=${tap}], [data-testid=${tap}] > .tk-row-open`).first();
  await target.click();
}

async function contrast(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    // The page has no frames, so the findings need not be put together in a window of their own.
    .setLegacyMode(true)
    .withRules([
      'color-contrast',
      'button-name',
      'list',
      'listitem',
      'aria-allowed-attr',
      'document-title',
      'html-has-lang',
    ])
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 120)} ${node.any[0]?.message ?? ''}`),
  );
}

/** Runs in the page: everything that scrolls, is cut off, is too small to read or too small to hit. */
async function measure(limits: { tapPx: number; textPx: number }): Promise<string[]> {
  await document.fonts.ready;
  // Long lists fill their pages anew in the frame after the window got its size.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const problems: string[] = [];
  const { innerWidth, innerHeight } = window;
  const what = (e: Element): string => `${e.tagName}.${e.className} "${(e.textContent ?? '').slice(0, 50)}"`;
  for (const e of document.querySelectorAll<HTMLElement>('.tk, .tk *')) {
    const box = e.getBoundingClientRect();
    if (box.width === 0 || e instanceof SVGElement) continue;
    const style = getComputedStyle(e);
    const ownText = [...e.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '');
    // A tight line height lets a letter's tail reach out of its box; nothing is cut by that.
    const slackPx = ownText ? Math.max(2, 0.13 * Number.parseFloat(style.fontSize)) : 2;
    const cut = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
    if (
      !cut &&
      style.display !== 'inline' &&
      (e.scrollHeight > e.clientHeight + slackPx || e.scrollWidth > e.clientWidth + 2)
    ) {
      problems.push(`overflows by ${e.scrollWidth - e.clientWidth}x${e.scrollHeight - e.clientHeight}: ${what(e)}`);
    }
    if (ownText && Number.parseFloat(style.fontSize) < limits.textPx)
      problems.push(`text of ${style.fontSize}: ${what(e)}`);
    if (
      ownText &&
      style.position !== 'absolute' &&
      (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1)
    ) {
      problems.push(`off the screen: ${what(e)}`);
    }
    if (e.tagName === 'BUTTON' && (box.width < limits.tapPx - 0.5 || box.height < limits.tapPx - 0.5)) {
      problems.push(`target of ${box.width.toFixed(0)}x${box.height.toFixed(0)}: ${what(e)}`);
    }
  }
  return problems;
}
