import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterEach, describe, expect, it } from 'vitest';
import { createKioskServer, type KioskServer } from './kiosk-server.js';

const idle: KioskState = {
  cabinet: 'Cabinet A',
  site: 'Hangar 1',
  language: 'en',
  now: '2026-01-05T06:00:00.000Z',
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
  rulebookIssuedAt: null,
  faults: [],
};

const toClose: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function serve(staticDir: string | null = null) {
  let state = idle;
  let signOuts = 0;
  const clock = new VirtualClock();
  const server: KioskServer = createKioskServer({
    config: { host: '127.0.0.1', port: 0 },
    staticDir,
    state: () => state,
    onSignOut: () => {
      signOuts += 1;
    },
    clock,
    log: silentLog,
  });
  const address = await server.start();
  toClose.push(() => server.close());
  const show = (next: Partial<KioskState>): void => {
    state = { ...state, ...next };
    server.publish();
  };
  return { address, clock, show, signOuts: () => signOuts };
}

/** `fetch` does not let a caller choose the Host header. */
function statusFor(address: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${address}/api/state`, { headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('kiosk server', () => {
  it('answers with the state, never from a cache', async () => {
    const { address } = await serve();
    const response = await fetch(`${address}/api/state`);
    expect(await response.json()).toEqual(idle);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('streams the state at once, at every change, and a sign of life', async () => {
    const { address, clock, show } = await serve();
    const response = await fetch(`${address}/api/stream`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (part: string): Promise<void> => {
      while (!text.includes(part)) text += (await reader?.read())?.value ?? '';
    };
    await until('"phase":"idle"');
    expect(text.startsWith('event: state\ndata: {')).toBe(true);
    show({ phase: 'open' });
    await until('"phase":"open"');
    await clock.advance(15_000);
    await until(': still here');
    await reader?.cancel();
  });

  it('signs out', async () => {
    const { address, signOuts } = await serve();
    const response = await fetch(`${address}/api/sign-out`, { method: 'POST' });
    expect(response.status).toBe(204);
    expect(signOuts()).toBe(1);
  });

  it.each([
    [{ host: 'localhost:8090' }, 200],
    [{ host: '127.0.0.1' }, 200],
    [{ host: 'evil.example' }, 403],
    [{ host: 'localhost.evil.example:8090' }, 403],
    [{ host: '127.0.0.1', origin: 'http://evil.example' }, 403],
    [{ host: '127.0.0.1', origin: 'null' }, 403],
    [{ host: '127.0.0.1:8090', origin: 'http://127.0.0.1:8090' }, 200],
  ])('answers only under its own name: %o', async (headers, status) => {
    const { address } = await serve();
    expect(await statusFor(address, headers)).toBe(status);
  });

  it('sends the security headers with everything', async () => {
    const { address } = await serve();
    for (const path of ['/', '/api/state', '/nothing']) {
      const { headers } = await fetch(`${address}${path}`);
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('says how to build the page when it is not there', async () => {
    const { address } = await serve('/nowhere/dist-kiosk');
    const response = await fetch(address);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain('npm run build');
  });

  it('serves the built page and nothing beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-'));
    toClose.push(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'index.html'), '<p>the page</p>');
    const { address } = await serve(folder);
    expect(await (await fetch(address)).text()).toBe('<p>the page</p>');
    expect((await fetch(`${address}/..%2f..%2fetc%2fpasswd`)).status).not.toBe(200);
  });

  it('names the port that is taken and the setting that chooses another', async () => {
    const { address } = await serve();
    const port = Number(new URL(address).port);
    const second = createKioskServer({
      config: { host: '127.0.0.1', port },
      ...{ staticDir: null, state: () => idle, onSignOut: () => {}, clock: new VirtualClock(), log: silentLog },
    });
    toClose.push(() => second.close());
    await expect(second.start()).rejects.toMatchObject({
      code: 'kiosk.port_taken',
      message: `port ${port} is taken; choose another one with kiosk.port in the configuration`,
    });
  });
});
