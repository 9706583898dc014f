import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { type QuickCabinet, quickCabinet } from '../testing/quick-cabinet.js';
import { buildControl } from './control.js';
import { controlRoutes } from './control-routes.js';

const epc = 'E28011606000020512345678';

describe('the control', () => {
  let clock: VirtualClock;
  let quick: QuickCabinet;

  beforeEach(() => {
    clock = new VirtualClock();
    quick = quickCabinet(clock, {
      tags: [{ epc, label: 'torque wrench', antenna: 2 }],
      badges: [{ number: '1f00644bb6', label: 'Ana' }],
    });
  });

  async function ask(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object | string) {
    const answer = await quick.app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    return { status: answer.statusCode, type: String(answer.headers['content-type']), body: answer.json() };
  }

  it('shows doors, tags, badges, devices and the seed', async () => {
    const { status, body } = await ask('GET', '/state');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'B1',
      seed: 7,
      doors: [{ id: 1, open: false, locked: true, contactClosed: true, relayOn: false }],
      tags: [{ epc, label: 'torque wrench', inside: true, antenna: 2 }],
      badges: [{ number: '1F00644BB6', label: 'Ana' }],
      devices: { uhf: { plugged: true, faults: [] }, badge: { plugged: true }, lock: { counters: { requests: 0 } } },
    });
  });

  it('holds a badge to the reader', async () => {
    const { status } = await ask('POST', '/badge', { number: '1F00644BB6', heldMs: 130 });
    await clock.advance(1000);
    expect(status).toBe(200);
    expect((await ask('GET', '/state')).body.devices.badge.counters).toMatchObject({
      presented: 1,
      frames: 3,
      bytesOut: 42,
    });
  });

  it('keeps a locked door closed and says what to do', async () => {
    const { status, type, body } = await ask('POST', '/door/1/open');
    expect(status).toBe(409);
    expect(type).toMatch('application/problem+json');
    expect(body).toMatchObject({ status: 409, title: 'The door is locked', type: 'urn:tagtrail:sim:door.locked' });
    expect(body.detail).toMatch(/badge/);
    expect((await ask('GET', '/state')).body.doors[0].open).toBe(false);
  });

  it('opens an unlocked door, and closing locks it', async () => {
    quick.cabinet.doors()[0]?.drive(true);
    expect((await ask('POST', '/door/1/open', {})).body.doors[0]).toMatchObject({ open: true, contactClosed: false });
    expect((await ask('POST', '/door/1/close')).body.doors[0]).toMatchObject({ open: false, locked: true });
    expect((await ask('POST', '/door/1/close')).status).toBe(200);
  });

  it('breaks a door open when asked to', async () => {
    expect((await ask('POST', '/door/1/open', { force: true })).body.doors[0].open).toBe(true);
  });

  it('moves tags, adds unknown ones and forgets them', async () => {
    expect((await ask('POST', '/tags', { epc, inside: false })).body.tags).toEqual([
      { epc, label: 'torque wrench', inside: false, antenna: 2, shadowed: false },
    ]);
    const more = await ask('POST', '/tags', { epc: 'e2000001', inside: true, antenna: 3 });
    expect(more.body.tags[1]).toMatchObject({ epc: 'E2000001', inside: true, antenna: 3 });
    expect((await ask('DELETE', '/tags/E2000001')).body.tags).toHaveLength(1);
    expect((await ask('DELETE', '/tags/E2000001')).status).toBe(404);
  });

  it('begins and ends faults, with the rest of the time in the state', async () => {
    const begun = await ask('POST', '/faults', {
      fault: 'garble',
      device: 'uhf',
      forMs: 5000,
      options: { percent: 10 },
    });
    expect(begun.body.devices.uhf.faults).toEqual([{ fault: 'garble', options: { percent: 10 }, leftMs: 5000 }]);
    await clock.advance(5000);
    expect((await ask('GET', '/state')).body.devices.uhf.faults).toEqual([]);
    await ask('POST', '/faults', { fault: 'unplug', device: 'badge' });
    expect((await ask('GET', '/state')).body.devices.badge).toMatchObject({ plugged: false, path: null });
    expect(
      (await ask('POST', '/faults', { fault: 'unplug', device: 'badge', on: false })).body.devices.badge.plugged,
    ).toBe(true);
    await ask('POST', '/faults', { fault: 'silent', device: 'badge' });
    expect((await ask('DELETE', '/faults')).body.devices.badge.faults).toEqual([]);
  });

  it('lists the faults with a sentence and their options', async () => {
    const { body } = await ask('GET', '/faults');
    const unplug = body.find((one: { fault: string }) => one.fault === 'unplug');
    expect(unplug.sentence).toMatch(/cable/);
    expect(unplug.options.properties).toHaveProperty('cutPower');
  });

  it.each([
    ['POST', '/badge', { number: '12' }, 'number'],
    ['POST', '/badge', {}, 'number'],
    ['POST', '/badge', { number: '1F00644BB6', hold: 1 }, 'body'],
    ['POST', '/tags', { epc: 'xyz', inside: true }, 'epc'],
    ['POST', '/tags', { epc, inside: 'yes' }, 'inside'],
    ['POST', '/faults', { fault: 'unplug', device: 'printer' }, 'device'],
    ['POST', '/door/one/open', {}, 'door'],
  ] as const)('names the field that is wrong: %s %s %j', async (method, url, payload, field) => {
    const { status, body } = await ask(method, url, payload);
    expect(status).toBe(400);
    expect(body.errors.map((one: { field: string }) => one.field)).toEqual([field]);
  });

  it.each([
    ['POST', '/door/9/open', {}, 404, 'There is no door 9. The doors are 1.'],
    ['POST', '/tags', { epc, inside: true, antenna: 4 }, 200, ''],
    ['POST', '/faults', { fault: 'gremlins' }, 400, 'There is no fault "gremlins". Choose one of: unplug'],
    ['POST', '/faults', { fault: 'unplug' }, 400, 'Say which device: "device": "uhf" or "badge" or "lock".'],
    ['POST', '/faults', { fault: 'antenna-lost', device: 'lock' }, 400, 'The fault antenna-lost is one of uhf'],
    ['POST', '/faults', { fault: 'slow', device: 'uhf', options: { lateMs: -1 } }, 400, 'Options of slow: lateMs'],
    ['POST', '/badge', 'number=1', 400, 'The body is not JSON.'],
    ['GET', '/nothing', undefined, 404, 'There is no GET /nothing. GET /help lists the routes.'],
  ] as const)('says what to do instead: %s %s %j', async (method, url, payload, status, detail) => {
    const answer = await ask(method, url, payload);
    expect(answer.status).toBe(status);
    if (status !== 200) expect(answer.body.detail).toContain(detail);
  });

  it('reads a body as JSON whatever it claims to be, as curl sends it', async () => {
    const answer = await quick.app.inject({
      method: 'POST',
      url: '/badge',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: '{"number":"1F00644BB6"}',
    });
    expect(answer.statusCode).toBe(200);
  });

  it('refuses pages from elsewhere', async () => {
    const answer = await quick.app.inject({
      method: 'POST',
      url: '/door/1/open',
      headers: { origin: 'https://elsewhere.example' },
      payload: '{"force":true}',
    });
    expect(answer.statusCode).toBe(403);
    expect(quick.cabinet.doors()[0]?.isOpen()).toBe(false);
  });

  it('refuses a name of somebody else that points here', async () => {
    const answer = await quick.app.inject({ url: '/state', headers: { host: 'elsewhere.example:4001' } });
    expect(answer.statusCode).toBe(403);
  });

  it('shows what the agent makes of it, or says how it would', async () => {
    expect((await ask('GET', '/agent/state')).body.detail).toMatch(/--kiosk/);
    const app = buildControl(quick.cabinet, { clock, kiosk: 'http://127.0.0.1:1' });
    expect((await app.inject({ url: '/agent/state' })).json()).toEqual({ kiosk: 'http://127.0.0.1:1', state: null });
  });

  it('serves the built page and nothing beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tagtrail-page-'));
    mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'page', 'index.html'), '<h1>page</h1>');
    writeFileSync(join(folder, 'page', 'assets', 'a.js'), 'let a;');
    writeFileSync(join(folder, 'secret.js'), 'let secret;');
    const app = buildControl(quick.cabinet, { clock, pageFolder: join(folder, 'page') });
    expect((await app.inject({ url: '/' })).body).toBe('<h1>page</h1>');
    expect((await app.inject({ url: '/assets/a.js' })).headers['content-type']).toMatch('text/javascript');
    expect((await app.inject({ url: '/help' })).body).toContain('a simulated cabinet');
    for (const url of ['/../secret.js', '/assets/../../secret.js', '/%2e%2e/secret.js', '/assets/']) {
      expect((await app.inject({ url })).statusCode, url).toBe(404);
    }
    rmSync(folder, { recursive: true });
  });

  it('describes every route on its page and in its OpenAPI document', async () => {
    const page = await quick.app.inject({ url: '/help' });
    expect(page.headers['content-type']).toMatch('text/html');
    const document = (await quick.app.inject({ url: '/openapi.json' })).json();
    for (const route of controlRoutes) {
      expect(page.body).toContain(`${route.method} ${route.path}`);
      expect(document.paths[route.path]).toHaveProperty(route.method.toLowerCase());
    }
  });
});
