import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AssetView } from '@tagtrail/shared/api/asset.js';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import type { EntryView } from '@tagtrail/shared/api/entry.js';
import { type KioskActionBody, type KioskActionName, kioskActions } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { type KioskState, kioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { sleep } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { freePorts } from '../../src/start/ports.js';
import type { StartOptions } from '../../src/start/start-options.js';
import { type RunningCabinet, type RunningSystem, startSystem, waitUntilUsable } from '../../src/start/system.js';

/** The real processes on free ports and an empty data folder, and hands to play with them. */
export interface Stage {
  readonly system: RunningSystem;
  readonly said: string[];
  api(path: string): Promise<unknown>;
  /** Changes something as the administrator does in the dashboard. */
  send(method: 'POST' | 'PUT' | 'PATCH', path: string, body: object): Promise<unknown>;
  cookie: string;
  /** Cuts or mends the network between one cabinet and the cloud, without either side being told. */
  network(key: string, up: boolean): void;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
  const data = mkdtempSync(join(tmpdir(), 'tagtrail-e2e-'));
  chmodSync(data, 0o755);
  const said: string[] = [];
  const cables = new Map<string, Cable>();
  const [port = 0, mqttPort = 0] = await freePorts(2);
  const options: StartOptions = {
    root,
    data: join(data, 'tagtrail'),
    port,
    mqttPort,
    fresh: false,
    shift: false,
    cloudEnvironment: {},
  };
  const system = await startSystem(options, {
    clock: systemClock,
    say: (line) => said.push(line),
    environment: process.env,
    mqttUrlFor: async (key, mqttUrl) => {
      const cable = await openCable(mqttUrl);
      cables.set(key, cable);
      return cable.url;
    },
  });
  if (!(await waitUntilUsable(system, systemClock, 40_000))) throw new Error(`not usable:\n${said.join('\n')}`);
  const cookie = await signIn(system);
  return {
    system,
    said,
    cookie,
    api: async (path) => {
      const answer = await fetch(`${system.url}${path}`, { headers: { cookie } });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    send: async (method, path, body) => {
      const headers = { cookie, origin: system.url, 'content-type': 'application/json' };
      const answer = await fetch(`${system.url}${path}`, { method, headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    network: (key, up) => cables.get(key)?.set(up),
    close: async () => {
      await system.stop();
      for (const cable of cables.values()) cable.close();
      if (process.env.KEEP_E2E === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

interface Cable {
  readonly url: string;
  set(up: boolean): void;
  close(): void;
}

/** A TCP line that can go dead without a FIN or RST, as a real network does. */
async function openCable(target: string): Promise<Cable> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let up = true;
  const server = createServer((near) => {
    const far = createConnection(Number(port), hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    near.on('data', (chunk) => up && far.write(chunk));
    far.on('data', (chunk) => up && near.write(chunk));
    for (const [one, other] of [pair, [far, near]] as const) {
      one.on('error', () => {});
      one.on('close', () => {
        pairs.delete(pair);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `mqtt://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    set: (next) => {
      up = next;
      // A mended network does not bring the bytes back that it lost: what stood on it is torn.
      if (up) for (const [near, far] of pairs) [near, far].forEach((socket) => void socket.destroy());
    },
    close: () => {
      server.close();
      for (const [near, far] of pairs) [near, far].forEach((socket) => void socket.destroy());
    },
  };
}

async function signIn(system: RunningSystem): Promise<string> {
  const admin = system.users.find((user) => user.role === 'admin');
  const answer = await fetch(`${system.url}/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: system.url },
    body: JSON.stringify({ email: admin?.email, password: admin?.password }),
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** Waits for `look` to give something other than undefined; the limit only guards against waiting for ever. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  limitMs = 40_000,
  /** What a person would look at next, for the message of the failure. */
  around: () => Promise<string> = async () => '',
): Promise<T> {
  const end = systemClock.monotonicMs() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (systemClock.monotonicMs() > end) throw new Error(`waited ${limitMs} ms for: ${what}\n${await around()}`);
    await sleep(systemClock, what, 100);
  }
}

async function control(cabinet: RunningCabinet, path: string, body?: object): Promise<Response> {
  return fetch(`${cabinet.control}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
}

/** What a technician taps on the cabinet's screen; answers whether it was taken. */
export async function tap<N extends KioskActionName>(
  cabinet: RunningCabinet,
  name: N,
  body: KioskActionBody<N>,
): Promise<boolean> {
  const answer = await fetch(new URL(kioskActions[name].path, cabinet.kiosk), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answer.ok;
}

/** Waits until the cabinet's screen shows what `look` wants to see. */
export async function screenOf(
  cabinet: RunningCabinet,
  what: string,
  look: (state: KioskState) => boolean,
): Promise<KioskState> {
  return until(`${cabinet.name}: ${what}`, async () => {
    const state = kioskState.parse(await (await fetch(new URL('/api/state', cabinet.kiosk))).json());
    return look(state) ? state : undefined;
  });
}

/** What a technician does at a cabinet, through the simulator's control. */
export const hands = {
  badge: async (cabinet: RunningCabinet, number: string): Promise<void> => {
    await control(cabinet, '/badge', { number });
  },
  /** Pulls the door until the lock gives way. */
  open: async (cabinet: RunningCabinet): Promise<void> => {
    await until(
      `door of ${cabinet.name} opens`,
      async () => ((await control(cabinet, '/door/1/open')).ok ? true : undefined),
      40_000,
      async () => `its screen: ${await (await fetch(new URL('/api/state', cabinet.kiosk))).text()}`,
    );
  },
  close: async (cabinet: RunningCabinet): Promise<void> => {
    await control(cabinet, '/door/1/close');
  },
  move: async (cabinet: RunningCabinet, epc: string, inside: boolean): Promise<void> => {
    const answer = await control(cabinet, '/tags', { epc, inside });
    if (!answer.ok) throw new Error(`tag ${epc}: ${answer.status} ${await answer.text()}`);
  },
  fault: async (cabinet: RunningCabinet, fault: object): Promise<void> => {
    const answer = await control(cabinet, '/faults', fault);
    if (!answer.ok) throw new Error(`fault: ${answer.status} ${await answer.text()}`);
  },
};

export async function cabinetView(stage: Stage, cabinet: RunningCabinet): Promise<CabinetView> {
  const { data } = (await stage.api('/v1/cabinets')) as { data: CabinetView[] };
  const view = data.find((candidate) => candidate.name === cabinet.name);
  if (view === undefined) throw new Error(`no cabinet ${cabinet.name}`);
  return view;
}

/** Every entry of the trail so far, oldest first. */
export async function trail(stage: Stage): Promise<EntryView[]> {
  const entries: EntryView[] = [];
  for (let after = -1; ; ) {
    const page = (await stage.api(`/v1/events?after=${after}&limit=1000`)) as {
      data: EntryView[];
      next_after: number;
      has_more: boolean;
    };
    entries.push(...page.data);
    if (!page.has_more) return entries;
    after = page.next_after;
  }
}

export async function assetByName(stage: Stage, name: string): Promise<AssetView> {
  const { data } = (await stage.api(`/v1/assets?q=${encodeURIComponent(name)}`)) as { data: AssetView[] };
  const asset = data.find((candidate) => candidate.name === name);
  if (asset === undefined) throw new Error(`no asset ${name}`);
  return asset;
}

export function chromiumPath(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  return [named, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
}

export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
