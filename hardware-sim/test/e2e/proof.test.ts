import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArgs, chromiumPath, openStage, type Stage } from './stage.js';

const chromiumAt = chromiumPath();
const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

interface CheckpointOfRest {
  readonly size: number;
  readonly note: string;
  readonly witnesses: readonly { readonly cabinet: string }[];
}

/** The whole product, and somebody who believes none of it. */
describe('the trail of the running product', () => {
  let stage: Stage;
  let folder: string;
  let file: string;
  let text: string;
  beforeAll(async () => {
    stage = await openStage();
    folder = mkdtempSync(join(tmpdir(), 'tagtrail-proof-'));
    file = join(folder, 'trail.ndjson');
  }, 180_000);
  afterAll(async () => {
    await stage?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const verify = (...args: readonly string[]) => {
    const script = join(root, 'cloud/dist/export/verify-command.js');
    const { status, stdout } = spawnSync(process.execPath, [script, ...args, '--json'], { encoding: 'utf8' });
    return {
      status,
      report: JSON.parse(stdout) as { ok: boolean; problems: readonly { code: string; index: number }[] },
    };
  };

  it('is cosigned by its cabinets', async () => {
    await expect
      .poll(
        async () => {
          const { data } = (await stage.api('/v1/proof/checkpoints?limit=100')) as { data: CheckpointOfRest[] };
          return new Set(data.flatMap(({ witnesses }) => witnesses.map(({ cabinet }) => cabinet))).size;
        },
        { timeout: 40_000 },
      )
      .toBe(stage.system.cabinets.length);
  }, 60_000);

  it('leaves as a file that verifies against a key and a checkpoint that were kept', async () => {
    const { data } = (await stage.api('/v1/proof/checkpoints?limit=100')) as { data: CheckpointOfRest[] };
    const kept = data.find(({ witnesses }) => witnesses.length > 0);
    writeFileSync(join(folder, 'kept'), kept?.note ?? '');
    const keys = (await stage.api('/v1/proof/keys')) as { data: readonly { key: string }[] };
    writeFileSync(join(folder, 'key'), keys.data[0]?.key ?? '');
    const answer = await fetch(`${stage.system.url}/v1/trail/export`, { headers: { cookie: stage.cookie } });
    expect(answer.status).toBe(200);
    text = await answer.text();
    writeFileSync(file, text);
    const good = verify(file, '--checkpoint', join(folder, 'kept'), '--key', join(folder, 'key'));
    expect(good).toMatchObject({
      status: 0,
      report: { ok: true, problems: [], signatures: { keyIsTrusted: true, agreed: 1 } },
    });
    writeFileSync(join(folder, 'edited'), text.replace('"kind":"asset.created"', '"kind":"asset.deleted"'));
    const bad = verify(join(folder, 'edited'));
    expect([bad.status, bad.report.problems[0]?.code]).toEqual([1, 'entry_changed']);
    expect(spawnSync(process.execPath, [join(root, 'cloud/dist/export/verify-command.js'), 'absent']).status).toBe(2);
  }, 60_000);

  const skipped = chromiumAt === undefined ? ' (skipped: no Chromium here)' : '';
  describe.skipIf(skipped !== '')(`in a browser${skipped}`, () => {
    let browser: Browser;
    let page: Page;
    const asked: string[] = [];
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: chromiumAt ?? '', args: chromiumArgs });
      page = await browser.newPage({ locale: 'en-GB' });
      await page.goto(`${stage.system.url}/verify`);
      await page.getByTestId('verify-file').waitFor({ state: 'attached' });
      page.on('request', (request) => asked.push(request.url()));
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
    });

    async function check(name: string, content: string): Promise<string | null> {
      const before = page.getByTestId('verify-verdict').filter({ hasText: name });
      await page
        .getByTestId('verify-file')
        .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
      await before.waitFor({ timeout: 30_000 });
      return await before.getAttribute('data-ok');
    }

    it('verifies as on the command line, without a word to the server', async () => {
      const kept = { name: 'kept', mimeType: 'text/plain', buffer: Buffer.from(await keptNote()) };
      await page.getByTestId('verify-kept').setInputFiles(kept);
      await expect.poll(() => page.getByTestId('verify-kept-count').textContent()).toContain('1');
      expect(await check('whole.ndjson', text)).toBe('true');
      expect(await check('edited.ndjson', text.replace('"kind":"asset.created"', '"kind":"asset.deleted"'))).toBe(
        'false',
      );
      expect(await page.locator('[data-problem]').first().getAttribute('data-problem')).toBe('entry_changed');
      expect(asked).toEqual([]);
    }, 60_000);

    const keptNote = async (): Promise<string> =>
      ((await stage.api('/v1/proof/checkpoints?limit=100')) as { data: CheckpointOfRest[] }).data.at(-1)?.note ?? '';
  });
});
