// Pictures of the cabinet's screen in every phase, from ../dist-kiosk, in both sizes and languages.
// Usage: LOOK_AT=/tmp/look node test/look-kiosk.mjs
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = process.env.LOOK_AT ?? '/tmp/look';
mkdirSync(folder, { recursive: true });
const now = '2026-11-22T06:12:00.000Z';
const idle = {
  cabinet: 'B2 Engine bay',
  site: 'Hangar Toulouse',
  language: 'en',
  now,
  phase: 'idle',
  person: null,
  refusal: null,
  lines: [],
  holding: [],
  reading: null,
  missing: [],
  leavesAt: null,
  offlineSince: null,
  pending: 0,
  rulebookIssuedAt: now,
  faults: [],
};
const ana = { displayName: 'Ana' };
const line = (name, movement, more = {}) => ({
  epc: `E280${name.length}${movement.length}`,
  name,
  movement,
  disputed: false,
  authority: 'allowed',
  reason: null,
  takenBy: null,
  ...more,
});
const held = ['Torque wrench 7', 'Mirror 3', 'Borescope 2', 'Crimp tool 1'].map((name) => ({ name, since: now }));
const states = {
  idle,
  'idle-missing-offline': {
    ...idle,
    missing: ['Rivet gun 4', 'Feeler gauge 2', 'Pitot cover 9'],
    offlineSince: '2026-11-21T22:14:00.000Z',
    pending: 14,
  },
  refused: { ...idle, phase: 'refused', refusal: 'lost' },
  unlocked: { ...idle, phase: 'unlocked', person: ana },
  open: { ...idle, phase: 'open', person: ana, holding: held.slice(0, 2) },
  'open-unsigned': { ...idle, phase: 'open' },
  reading: { ...idle, phase: 'reading', person: ana, reading: { rounds: 2, seen: 12 } },
  receipt: {
    ...idle,
    phase: 'receipt',
    person: ana,
    holding: held,
    leavesAt: '2026-11-22T06:12:09.000Z',
    lines: [
      line('Torque wrench 7', 'taken'),
      line('Inspection mirror 3', 'taken'),
      line('Borescope 2', 'returned', { takenBy: 'Ben' }),
    ],
  },
  'receipt-busy': {
    ...idle,
    phase: 'receipt',
    person: ana,
    holding: held,
    leavesAt: '2026-11-22T06:12:09.000Z',
    missing: ['Rivet gun 4'],
    offlineSince: '2026-11-21T22:14:00.000Z',
    pending: 3,
    lines: [
      line('Torque wrench 7', 'taken', { authority: 'forbidden', reason: 'calibration_overdue' }),
      ...[1, 2, 3, 4, 5].map((n) => line(`Safety wire pliers ${n}${'x'.repeat(n)}`, 'taken')),
      line('Borescope 2', 'returned', { takenBy: 'Ben' }),
      line('Crimp tool 12', 'returned', { disputed: true }),
    ],
  },
  'receipt-nothing': { ...idle, phase: 'receipt', person: ana, leavesAt: '2026-11-22T06:12:09.000Z' },
  'out-of-order': { ...idle, phase: 'out_of_order', faults: [{ device: 'uhf', status: 'unplugged' }] },
};
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const [width, height, language] of [
  [1024, 600, 'en'],
  [1280, 800, 'fr'],
]) {
  const page = await browser.newPage({ viewport: { width, height } });
  page.on('pageerror', (error) => process.stdout.write(`PAGE ERROR ${error.message}\n`));
  let state = idle;
  await page.route('http://kiosk/**', (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/api/state') return route.fulfill({ json: { ...state, language } });
    if (path.startsWith('/api/')) return route.fulfill({ status: 204 });
    return route.fulfill({
      path: fileURLToPath(new URL(`../dist-kiosk${path === '/' ? '/index.html' : path}`, import.meta.url)),
    });
  });
  for (const [name, wanted] of Object.entries(states)) {
    state = wanted;
    await page.goto('http://kiosk/');
    await page.waitForSelector(`[data-phase=${wanted.phase}]`);
    await page.waitForTimeout(300);
    const scrolls = await page.evaluate(() =>
      [...document.querySelectorAll('.tk, .tk-main, .tk-bar, .tk-notices, .tk-group')]
        .filter((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
        .map((e) => e.className),
    );
    if (scrolls.length > 0) process.stdout.write(`${name} ${width}: overflows in ${scrolls.join(', ')}\n`);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('.tk *')]
        .filter(
          (e) =>
            [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== '') &&
            Number.parseFloat(getComputedStyle(e).fontSize) < 24,
        )
        .map((e) => e.textContent),
    );
    if (small.length > 0) process.stdout.write(`${name} ${width}: text under 24 px: ${small.join(' | ')}\n`);
    await page.screenshot({ path: `${folder}/kiosk-${name}-${width}.png` });
  }
}
await browser.close();
