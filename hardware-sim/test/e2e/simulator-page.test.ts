import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArgs, chromiumPath, openStage, type Stage, trail } from './stage.js';

const chromiumAt = chromiumPath();
const builtPage = fileURLToPath(new URL('../../../web/dist-simulator/index.html', import.meta.url));
const skipped =
  chromiumAt === undefined ? ' (skipped: no Chromium here)' : existsSync(builtPage) ? '' : ' (skipped: not built)';

/** With the real mouse: pressed on the tool, moved in steps, let go over the place. */
async function drag(page: Page, tool: Locator, place: Locator): Promise<void> {
  const [from, to] = [await tool.boundingBox(), await place.boundingBox()];
  if (from === null || to === null) throw new Error('nothing to drag, or nowhere to');
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 20, from.y + from.height / 2 + 20, { steps: 3 });
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 });
  await page.mouse.up();
}

describe.skipIf(skipped !== '')(`the simulator page${skipped}`, () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
    browser = await chromium.launch({ executablePath: chromiumAt ?? '', args: chromiumArgs });
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    await page.goto(stage.system.cabinets[0]?.control ?? '');
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  }, 30_000);

  it('lets nothing through a closed door', async () => {
    const tool = page.locator('[data-place=drawer-1] [data-testid=sim-tool]').first();
    const epc = await tool.getAttribute('data-epc');
    await drag(page, tool, page.locator('[data-place=bench]'));
    await expect.poll(() => page.getByTestId('sim-notice').getAttribute('data-bad')).toBe('true');
    expect(await page.locator(`[data-place=drawer-1] [data-epc="${epc}"]`).count()).toBe(1);
  });

  it('badge, open, drag out, close: the cabinet and the trail say who took it', async () => {
    const person = page.locator('[data-place^=pocket]').first();
    const tool = page.locator('[data-place=drawer-2] [data-testid=sim-tool]').first();
    const epc = (await tool.getAttribute('data-epc')) ?? '';
    await person.getByTestId('sim-badge').click();
    await page.locator('[data-testid=sim-door][data-state=unlocked]').waitFor();
    await page.getByTestId('sim-open').click();
    await page.locator('[data-testid=sim-door][data-state=open]').waitFor();
    await drag(page, tool, person);
    await person.locator(`[data-epc="${epc}"]`).waitFor();
    await page.getByTestId('sim-close').click();
    await page.locator('[data-testid=sim-conclusions][data-phase=receipt]').waitFor();
    await page.locator('[data-testid=sim-conclusion] [data-movement=taken][data-disputed=false]').waitFor();
    expect(Number(await page.getByTestId('sim-reads').getAttribute('data-total'))).toBeGreaterThan(40);
    await expect
      .poll(
        async () => {
          const lines = (await trail(stage)).filter((entry) => JSON.stringify(entry).includes(epc));
          return lines.map((entry) => entry.kind);
        },
        { timeout: 10_000 },
      )
      .toContain('asset.checked_out');
  });

  it('carries a tool back without a mouse', async () => {
    const [first] = await page.locator('[data-place^=pocket] [data-testid=sim-tool]').all();
    await first?.focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-place=bench] .ts-put').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-place=bench] [data-testid=sim-tool]').waitFor();
  });

  it('pulls a cable, shows the fault, and plugs it in again', async () => {
    const cable = page.locator('[data-testid=sim-cable][data-device=badge]');
    await cable.click();
    await page.locator('[data-testid=sim-cable][data-device=badge][data-plugged=false]').waitFor();
    await page.locator('[data-testid=sim-active-fault][data-fault=unplug]').click();
    await page.locator('[data-testid=sim-cable][data-device=badge][data-plugged=true]').waitFor();
  });
});
