// Builds nothing: serves ../dist with made-up data and keeps pictures of every page in LOOK_AT
// (a folder outside of the project). Usage: LOOK_AT=/tmp/look node test/look.mjs [serve]
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { runnerImport } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const load = async (path) =>
  (
    await runnerImport(here(path), {
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: ['source', 'node', 'import'] },
      ssr: { resolve: { conditions: ['source', 'node', 'import'] } },
    })
  ).module;
const { serveFixture } = await load('./fixture-server.ts');
const serveOnly = process.argv[2] === 'serve';
const server = await serveFixture({ folder: here('../dist'), port: serveOnly ? 8099 : 0, visitEveryMs: 4000 });
const base = `http://127.0.0.1:${server.port}`;
if (serveOnly) process.stdout.write(`${base}\n`);
else {
  const folder = process.env.LOOK_AT ?? '/tmp/look';
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const only = process.argv.slice(2);
  for (const [scheme, locale] of [
    ['light', 'en'],
    ['dark', 'fr'],
  ]) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: scheme, locale });
    const page = await context.newPage();
    page.on(
      'console',
      (message) => ['error', 'warning'].includes(message.type()) && process.stdout.write(`${message.text()}\n`),
    );
    page.on('pageerror', (error) => process.stdout.write(`PAGE ERROR ${error.message}\n`));
    const shot = async (name) => page.screenshot({ path: `${folder}/${name}-${scheme}.png` });
    await page.goto(`${base}/`);
    await page.waitForSelector('[data-testid=sign-in-submit]');
    await shot('sign-in');
    await page.fill('input[name=email]', 'maria@example.com');
    await page.fill('input[name=password]', 'secret');
    await page.click('[data-testid=sign-in-submit]');
    await page.waitForSelector('[data-testid=trail-line]');
    const id = (name) => page.evaluate(async (path) => (await (await fetch(path)).json()).data[0].id, `/v1/${name}`);
    const [asset, person, cabinet] = [await id('assets'), await id('people'), await id('cabinets')];
    const session = await page.evaluate(() => document.querySelector('a[href^="/sessions/"]')?.getAttribute('href'));
    const stops = {
      home: '/',
      cabinets: '/cabinets?only=silent',
      cabinet: `/cabinets/${cabinet}`,
      assets: '/assets',
      panel: `/assets?open=${asset}`,
      asset: `/assets/${asset}`,
      people: '/people',
      person: `/people/${person}`,
      session,
      settings: '/settings',
      lost: '/nowhere/at/all',
      missing: '/assets/asset_nothing',
    };
    for (const [name, path] of Object.entries(stops)) {
      if (only.length > 0 && !only.includes(name)) continue;
      await page.goto(base + path);
      await page.waitForLoadState('networkidle').catch(() => undefined);
      await page.waitForTimeout(500);
      await shot(name);
    }
    if (only.length === 0 || only.includes('search')) {
      await page.goto(base);
      await page.waitForSelector('[data-testid=trail-line]');
      await page.keyboard.press('Control+k');
      await page.keyboard.type('bor');
      await page.waitForTimeout(700);
      await shot('search');
    }
  }
  await browser.close();
  await server.close();
  process.exit(0);
}
