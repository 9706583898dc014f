import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type AppFixture, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

const webFolder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'web/dist');
const chromiumAt = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);

/** Whether there are a Chromium and built screens to try. */
export const hasOffice = chromiumAt !== undefined && existsSync(join(webFolder, 'index.html'));

/** One customer with two administrators, its cloud, and a real browser. */
export interface Office {
  readonly fixture: AppFixture;
  readonly tenantId: string;
  readonly first: string;
  readonly second: string;
  readonly url: string;
  passwordOf(email: string): string;
  /** A window of its own in which somebody has signed in and come to a page. */
  enter(email: string, path: string, context?: BrowserContextOptions): Promise<Page>;
  /** Before the screens are looked at: what went before may take the clock where it likes. */
  open(): Promise<void>;
  close(): Promise<void>;
}

export async function startOffice(clock: VirtualClock): Promise<Office> {
  const fixture = await startApp({ clock, webFolder });
  const file = aCustomer('Aalto');
  const second = { email: 'second@aalto.example', name: 'Second', role: 'admin' as const, sites: [] };
  const { tenantId, passwords } = await fixture.seed({ ...file, users: [...file.users, second] });
  let browser: Browser | undefined;
  let url = '';
  const passwordOf = (email: string): string => passwords.get(email) ?? '';
  return {
    ...{ fixture, tenantId, first: 'admin@aalto.example', second: second.email, passwordOf },
    get url() {
      return url;
    },
    open: async () => {
      await fixture.app.server.listen({ port: 0, host: '127.0.0.1' });
      const address = fixture.app.server.server.address();
      url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
      browser = await chromium.launch({
        executablePath: chromiumAt as string,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      });
    },
    enter: async (email, path, options = {}) => {
      if (browser === undefined) throw new TypeError('The office is not open yet.');
      const context = await browser.newContext({ locale: 'en', acceptDownloads: true, ...options });
      const page = await context.newPage();
      await page.goto(`${url}/sign-in?to=${encodeURIComponent(path)}`);
      await page.fill('input[type=email]', email);
      await page.fill('input[type=password]', passwordOf(email));
      await page.keyboard.press('Enter');
      await page.waitForURL((now) => now.pathname === path.split('#')[0]);
      return page;
    },
    close: async () => {
      await browser?.close();
      await fixture.close();
    },
  };
}
