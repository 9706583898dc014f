import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { parseSettings } from '@tagtrail/shared/config/settings.js';
import { AppError } from '@tagtrail/shared/error.js';
import { type SampleCustomer, sampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import { type Clock, sleep } from '@tagtrail/shared/time/clock.js';
import { keepCabinetFile, readCabinetFile } from './cabinet-memory.js';
import { type Child, startChild } from './child.js';
import { takeDataFolder } from './data-folder.js';
import { freePorts, requireFreePort } from './ports.js';
import { cabinetFile, edgeConfig } from './site-files.js';
import type { StartOptions } from './start-options.js';

export interface RunningCabinet {
  readonly key: string;
  readonly name: string;
  readonly control: string;
  readonly kiosk: string;
  readonly sim: Child;
  readonly agent: Child;
}

export interface RunningSystem {
  readonly customer: SampleCustomer;
  readonly url: string;
  readonly mqtt: string;
  readonly users: readonly { readonly email: string; readonly password: string; readonly role: string }[];
  readonly cabinets: readonly RunningCabinet[];
  readonly cloud: Child;
  stop(): Promise<void>;
}

export interface SystemDeps {
  readonly clock: Clock;
  /** Tells a person what is going on, a line at a time. */
  readonly say: (line: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Receives what stops the parts that run so far, before the first of them starts. */
  readonly onStoppable?: (stop: () => Promise<void>) => void;
  /** The address at which an agent finds the broker; a test puts a line that can be cut in between. */
  readonly mqttUrlFor?: (cabinetKey: string, mqttUrl: string) => Promise<string>;
}

/**
 * Brings up the whole product with the sample customer: the cloud (with its database and broker),
 * a simulator and an agent for each cabinet, each a process of its own.
 * @throws AppError `start.port_taken`, `start.part_ended` or one of the data folder.
 */
export async function startSystem(options: StartOptions, deps: SystemDeps): Promise<RunningSystem> {
  const data = await takeDataFolder(options.data, { fresh: options.fresh, clock: deps.clock });
  const running: Running = { cloud: [], sims: [], agents: [] };
  // Agents first, so that none reports its devices as lost; the cloud last, so that all is received.
  const stop = async (): Promise<void> => {
    await Promise.all(running.agents.map((child) => child.stop(5_000)));
    await Promise.all(running.sims.map((child) => child.stop(3_000)));
    await Promise.all(running.cloud.map((child) => child.stop(10_000)));
    data.release();
  };
  deps.onStoppable?.(stop);
  try {
    await requireFreePort('PORT', options.port);
    if (options.cloudEnvironment.MQTT_URL === undefined) await requireFreePort('MQTT_PORT', options.mqttPort);
    const customerFile = join(options.root, 'hardware-sim', 'sample', 'customer.json');
    const customer = parseSettings(customerFile, sampleCustomer, JSON.parse(readFileSync(customerFile, 'utf8')));

    const launch = launcher(options, deps, running);
    deps.say('starting the cloud: database, broker, API');
    const cloud = launch('cloud', 'cloud/dist/main.js', [
      '--sample',
      customerFile,
      '--credentials',
      join(options.data, 'credentials'),
    ]);
    deps.say(`starting ${customer.cabinets.length} simulated cabinets`);
    const ports = await freePorts(2 * customer.cabinets.length);
    const portsOf = (index: number) => ({
      controlPort: ports[2 * index] as number,
      kioskPort: ports[2 * index + 1] as number,
    });
    const sims = customer.cabinets.map((cabinet, index) =>
      launchSim(options, customer, { key: cabinet.key, ...portsOf(index), launch }),
    );

    const address = (await cloud.ready) as { url: string; mqtt: string };
    deps.say('cloud is up; starting the agents');
    const cabinets = await Promise.all(
      customer.cabinets.map(async (cabinet, index) => {
        const sim = sims[index] as Child;
        const { control } = (await sim.ready) as { control: string };
        const mqttUrl = (await deps.mqttUrlFor?.(cabinet.key, address.mqtt)) ?? address.mqtt;
        const agent = launchAgent(options, { ...cabinet, ...portsOf(index), mqttUrl, launch });
        const { kiosk } = (await agent.ready) as { kiosk: string };
        deps.say(`cabinet ${cabinet.name} reads its devices`);
        return { key: cabinet.key, name: cabinet.name, control, kiosk, sim, agent };
      }),
    );
    const users = JSON.parse(readFileSync(join(options.data, 'credentials', 'users.json'), 'utf8'));
    const memory = keepCabinetFile(options.data, cabinets, deps);
    return {
      customer,
      url: address.url,
      mqtt: address.mqtt,
      users,
      cabinets,
      cloud,
      stop: async () => {
        await memory.saveAndStop();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Launch = (name: string, script: string, args: readonly string[]) => Child;
type Running = Readonly<Record<'cloud' | 'sims' | 'agents', Child[]>>;

function launcher(options: StartOptions, deps: SystemDeps, running: Running): Launch {
  const env = {
    ...deps.environment,
    ...options.cloudEnvironment,
    PORT: String(options.port),
    MQTT_PORT: String(options.mqttPort),
    TAGTRAIL_DATA: options.data,
  };
  return (name, script, args) => {
    const child = startChild({
      name,
      script: join(options.root, script),
      args,
      cwd: options.root,
      env,
      logFile: join(options.data, 'logs', `${name}.log`),
      clock: deps.clock,
      onLine: (line) => deps.say(`${name}: ${line}`),
      onCrash: (outcome) => deps.say(`${name} ended (${outcome}); starting it again`),
    });
    if (name === 'cloud') running.cloud.push(child);
    else (name.startsWith('sim-') ? running.sims : running.agents).push(child);
    return child;
  };
}

function launchSim(
  options: StartOptions,
  customer: SampleCustomer,
  cabinet: { readonly key: string; readonly controlPort: number; readonly kioskPort: number; readonly launch: Launch },
): Child {
  const { key, launch } = cabinet;
  const file =
    readCabinetFile(options.data, key) ??
    writeJson(join(options.data, 'sim', `${key}.json`), cabinetFile(customer, key));
  const args = [
    'serve',
    '--cabinet',
    file,
    '--control',
    String(cabinet.controlPort),
    '--links',
    join(options.data, 'sim', key),
    '--kiosk',
    `http://127.0.0.1:${cabinet.kioskPort}`,
  ];
  return launch(`sim-${key}`, 'hardware-sim/dist/cli.js', args);
}

function launchAgent(
  options: StartOptions,
  cabinet: {
    readonly key: string;
    readonly doors: number;
    readonly mqttUrl: string;
    readonly kioskPort: number;
    readonly launch: Launch;
  },
): Child {
  const config = edgeConfig({
    credentials: join(options.data, 'credentials', `${cabinet.key}.json`),
    data: join(options.data, 'edge', cabinet.key),
    links: join(options.data, 'sim', cabinet.key),
    mqttUrl: cabinet.mqttUrl,
    kioskPort: cabinet.kioskPort,
    doors: cabinet.doors,
  });
  const file = writeJson(join(options.data, 'edge', `${cabinet.key}.json`), config);
  return cabinet.launch(`agent-${cabinet.key}`, 'edge/dist/main.js', ['--config', file]);
}

function writeJson(file: string, value: unknown): string {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  return file;
}

/**
 * Waits until the cloud answers that every cabinet can be used: online, with the rules that it
 * should have, its first count done. False when it takes longer than `withinMs`.
 */
export async function waitUntilUsable(system: RunningSystem, clock: Clock, withinMs: number): Promise<boolean> {
  const cookie = await signIn(system);
  const until = clock.monotonicMs() + withinMs;
  while (clock.monotonicMs() < until) {
    const answer = await fetch(`${system.url}/v1/cabinets`, { headers: { cookie } });
    const { data } = (await answer.json()) as { data: CabinetView[] };
    if (data.length > 0 && data.every(isUsable)) {
      await fetch(`${system.url}/v1/sign-out`, { method: 'POST', headers: { cookie, origin: system.url } });
      return true;
    }
    await sleep(clock, 'cabinets online', 100);
  }
  return false;
}

function isUsable(cabinet: CabinetView): boolean {
  const hasRules = cabinet.rulebook_version === cabinet.rulebook_wanted;
  return cabinet.link === 'online' && hasRules && cabinet.counted_at !== null && cabinet.phase === 'idle';
}

async function signIn(system: RunningSystem): Promise<string> {
  const user = system.users.find((candidate) => candidate.role === 'admin');
  const answer = await fetch(`${system.url}/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: system.url },
    body: JSON.stringify({ email: user?.email, password: user?.password }),
  });
  if (!answer.ok) {
    throw new AppError('start.sign_in', `The sample user cannot sign in (status ${answer.status}).`, { kind: 'bug' });
  }
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
