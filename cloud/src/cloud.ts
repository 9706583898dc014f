import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { type App, buildApp } from './app.js';
import { type Broker, startBroker } from './broker/broker.js';
import type { CabinetLink } from './broker/cabinet-link.js';
import { joinExternalBroker } from './broker/external-broker.js';
import type { CloudConfig } from './config.js';
import { type Database, openDatabase } from './database/open-database.js';
import { createCabinetDirectory } from './ingest/cabinet-directory.js';
import { createIngest, type Ingest } from './ingest/ingest.js';
import { startRetentionJob } from './retention/retention-job.js';
import { createRulebooks, type Rulebooks } from './rulebooks/rulebooks.js';
import { seedSampleCustomer } from './seed/seed-sample-customer.js';
import { openStore, type Store } from './store/prisma.js';

export interface CloudOptions {
  readonly config: CloudConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly version: string;
  /** A customer to create unless it exists, and where its credentials go. */
  readonly sample?: { readonly customer: SampleCustomer; readonly credentialsFolder: string };
  /** One line for a person about what is going on. */
  readonly say: (line: string) => void;
}

export interface Cloud {
  readonly url: string;
  /** Where cabinets connect. */
  readonly mqtt: string;
  stop(): Promise<void>;
}

/** What was opened last is closed first. */
type Closers = (() => Promise<void>)[];

/**
 * The whole cloud in one process: database, ingest, broker, API, in this order.
 * @throws AppError that a person can act on; what was opened is closed again.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const closers: Closers = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) {
      await close().catch((error: unknown) => options.log.error({ reason: errorText(error) }, 'cloud.part.not_closed'));
    }
  };
  try {
    return { ...(await open(options, closers)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(options: CloudOptions, closers: Closers): Promise<Omit<Cloud, 'stop'>> {
  const { config, clock, log, say } = options;
  const database = await openTheDatabase(options);
  closers.push(() => database.close());
  const store = openStore({ url: database.url });
  closers.push(() => store.close());

  const parts = wire(options, store);
  closers.push(() => parts.rulebooks.close());
  closers.push(() => parts.link.current?.close() ?? Promise.resolve());
  closers.push(() => parts.ingest.close());
  const { mqtt, stopAccepting } = await openLink(options, parts);
  closers.push(async () => stopAccepting());
  say(config.mqttUrl === undefined ? `broker listens at ${mqtt}` : `broker joined at ${mqtt}`);

  if (options.sample !== undefined) await seed(options, { store, mqtt });
  await parts.rulebooks.publishAll();

  const app = await buildApp({
    store,
    databaseUrl: database.url,
    clock,
    random: options.random,
    log,
    version: options.version,
    publicUrl: config.publicUrl,
    authSecret: config.authSecret ?? (await keptSecret(config.dataFolder, options.random)),
    mqttUrl: mqtt,
    webFolder: builtWeb(),
    requestRulebooks: (tenant) => parts.rulebooks.request(tenant),
    sendDown: async (topic, body) => await parts.link.current?.publish(topic, body, { retain: false }),
  });
  closers.push(() => app.close());
  const retention = startRetentionJob({ store, clock, random: options.random, log });
  closers.push(async () => retention.cancel());
  const port = await listenOn(app, config);
  const shownHost = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return { url: config.publicUrl ?? `http://${shownHost}:${port}`, mqtt };
}

async function openTheDatabase({ config, clock, random, log, say }: CloudOptions): Promise<Database> {
  say(config.databaseUrl === undefined ? 'starting the database' : 'reaching the database');
  const database = await openDatabase({
    folder: config.dataFolder,
    clock,
    random,
    log,
    ...(config.databaseUrl === undefined ? {} : { url: config.databaseUrl }),
    ...(config.databaseOwnerUrl === undefined ? {} : { ownerUrl: config.databaseOwnerUrl }),
  });
  say(`database ready (${database.shown})`);
  return database;
}

interface Parts {
  readonly store: Store;
  readonly ingest: Ingest;
  readonly rulebooks: Rulebooks;
  /** Set once the broker stands; what is sent before that is lost, as on any network. */
  readonly link: { current: CabinetLink | undefined };
}

function wire({ clock, random, log }: CloudOptions, store: Store): Parts {
  const link: Parts['link'] = { current: undefined };
  const send = async (topic: string, body: string, retain: boolean): Promise<void> => {
    await link.current?.publish(topic, body, { retain });
  };
  const rulebooks = createRulebooks({ store, clock, log, publish: (topic, body) => send(topic, body, true) });
  const ingest = createIngest({
    store,
    clock,
    random,
    log,
    send: (topic, body) => send(topic, body, false),
    onCustody: (tenant) => rulebooks.requestForCustody(tenant),
    onHello: (address, version) => rulebooks.heard(address, version),
  });
  return { store, ingest, rulebooks, link };
}

async function openLink(
  { config, clock, random, log }: CloudOptions,
  { store, ingest, rulebooks, link }: Parts,
): Promise<{ mqtt: string; stopAccepting: () => void }> {
  const onMessage = (topic: string, payload: Uint8Array): void => void ingest.receive(topic, payload);
  if (config.mqttUrl !== undefined) {
    const clientId = `tagtrail-cloud-${randomHex(random, 4)}`;
    const onConnected = (): void => void rulebooks.publishAll();
    link.current = joinExternalBroker({ url: config.mqttUrl, clientId, log, onMessage, onConnected });
    const shown = new URL(config.mqttUrl);
    return { mqtt: `${shown.protocol}//${shown.host}`, stopAccepting: () => {} };
  }
  const directory = createCabinetDirectory(store, clock);
  const broker: Broker = await startBroker({
    port: config.mqttPort,
    host: config.host,
    clock,
    log,
    findAccount: (address) => directory.find(address),
    onMessage,
    onForbidden: (address, what) => void ingest.refuse(address, 'forbidden', what),
  });
  link.current = broker;
  const publicHost = config.publicUrl === undefined ? undefined : new URL(config.publicUrl).hostname;
  const host = config.host === '0.0.0.0' || config.host === '::' ? (publicHost ?? '127.0.0.1') : config.host;
  return { mqtt: `mqtt://${host}:${broker.port}`, stopAccepting: () => broker.stopAccepting() };
}

async function seed(
  { sample, clock, random, log, say }: CloudOptions,
  to: { store: Store; mqtt: string },
): Promise<void> {
  if (sample === undefined) return;
  const { created } = await seedSampleCustomer({
    store: to.store,
    file: sample.customer,
    credentialsDir: sample.credentialsFolder,
    mqttUrl: to.mqtt,
    clock,
    random,
    log,
  });
  if (created) say(`the users' passwords are in ${join(sample.credentialsFolder, 'users.json')}`);
  say(created ? `created the customer ${sample.customer.name}` : `the customer ${sample.customer.name} is there`);
}

/** The secret of the sign-in cookies outlives restarts, so that nobody is signed out by one. */
async function keptSecret(folder: string, random: Random): Promise<string> {
  const path = join(folder, 'auth-secret');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept.length >= 32) return kept;
  const secret = randomHex(random, 32);
  await mkdir(folder, { recursive: true });
  await writeFile(path, secret, { mode: 0o600 });
  return secret;
}

function randomHex(random: Random, length: number): string {
  return Buffer.from(randomBytes(random, length)).toString('hex');
}

function builtWeb(): string | undefined {
  const folder = fileURLToPath(new URL('../../web/dist/', import.meta.url));
  return existsSync(folder) ? folder : undefined;
}

async function listenOn(app: App, { port, host }: CloudConfig): Promise<number> {
  try {
    await app.server.listen({ port, host });
  } catch (error) {
    const text =
      (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? `Port ${port} for the web is taken. Set PORT to another one.`
        : `The web server cannot listen on ${host}:${port} (HOST, PORT): ${errorText(error)}`;
    throw new AppError('cloud.port_taken', text, { kind: 'operator', cause: error });
  }
  const address = app.server.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
