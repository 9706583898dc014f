import { join } from 'node:path';
import { errorText } from '@tagtrail/shared/error.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { cloudKeyOf } from './broker/cloud-key.js';
import type { CabinetReach } from './cabinets/create-cabinet.js';
import type { CloudConfig } from './config.js';
import { type Database, openDatabase } from './database/open-database.js';
import { createIngest, type Ingest } from './ingest/ingest.js';
import { keptSecret } from './roles/kept-secret.js';
import { createLateLink, type LateLink, openLink } from './roles/link.js';
import { isWhole } from './roles/roles.js';
import { startBackups } from './roles/start-backups.js';
import { startHttp } from './roles/start-http.js';
import { type Jobs, startJobs } from './roles/start-jobs.js';
import { startMetrics } from './roles/start-metrics.js';
import { tellRulebookHeard } from './rulebooks/follow-trail.js';
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
  /** Where browsers reach it; absent where it has neither the API nor the live feed. */
  readonly url?: string;
  /** Where cabinets connect; absent where it has nothing to do with them. */
  readonly mqtt?: string;
  /** Where its figures and its health are; absent without METRICS_PORT. */
  readonly metrics?: string;
  stop(): Promise<void>;
}

/** What was opened last is closed first. */
type Closers = (() => Promise<void>)[];

/**
 * The cloud, or those of its roles that this process has: database, jobs, ingest, broker, HTTP, in this order.
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
  const { config, say } = options;
  const { roles } = config;
  const database = await openTheDatabase(options);
  closers.push(() => database.close());
  const store = openStore({ url: database.url });
  closers.push(() => store.close());

  const backups = roles.has('jobs') ? await startBackups({ ...options, database }) : undefined;
  closers.push(async () => await backups?.close());
  const key = cloudKeyOf(await cabinetSecretOf(options));
  const link = createLateLink(key);
  const jobs = roles.has('jobs')
    ? startJobs({
        ...{ ...options, store, database, link, others: !isWhole(roles) },
        ...{ logSecret: await logSecretOf(options), formerLogSecret: config.formerLogSecret },
      })
    : undefined;
  closers.push(async () => await jobs?.close());
  closers.push(() => link.close());
  const ingest = roles.has('ingest') ? openIngest(options, { store, link, jobs }) : undefined;
  closers.push(async () => await ingest?.close());
  // Nothing of the live feed alone goes to a cabinet.
  const meetsCabinets = roles.has('ingest') || roles.has('jobs') || roles.has('api');
  const onConnected = async (): Promise<void> => await jobs?.rulebooks.publishAll();
  const opened = meetsCabinets ? await openLink({ ...options, store, link, ingest, onConnected }) : undefined;
  closers.push(async () => await opened?.stopAccepting());
  if (opened !== undefined)
    say(config.mqttUrl === undefined ? `broker listens at ${opened.mqtt}` : `broker joined for ${opened.mqtt}`);

  if (options.sample !== undefined)
    await seed(options, { store, mqttUrl: opened?.mqtt ?? '', cloudKey: key.publicKey });
  await jobs?.rulebooks.publishAll();
  const http =
    roles.has('api') || roles.has('live')
      ? await startHttp({
          ...options,
          store,
          databaseUrl: database.url,
          mqttUrl: opened?.mqtt ?? '',
          cloudKey: key.publicKey,
          slowRequestMs: config.slowRequestMs,
          noticeDays: config.noticeDays,
          requestRulebooks: (tenant) => jobs?.rulebooks.request(tenant),
          cutOff: async (address) => {
            ingest?.forget(address);
            link.cutOff(address);
          },
          sendDown: (topic, body) => link.send(topic, body, { retain: false }),
        })
      : undefined;
  closers.push(async () => await http?.close());
  jobs?.begin();
  const metrics = await startMetrics({ config, store, link, meetsCabinets, ingest, jobs, backups, app: http?.app });
  closers.push(async () => await metrics?.close());
  return {
    ...(http === undefined ? {} : { url: http.url }),
    ...(opened === undefined ? {} : { mqtt: opened.mqtt }),
    ...(metrics === undefined ? {} : { metrics: metrics.url }),
  };
}

async function logSecretOf({ config, random }: CloudOptions): Promise<string> {
  return config.logSecret ?? (await keptSecret(config.dataFolder, 'log-secret', random));
}

async function cabinetSecretOf({ config, random }: CloudOptions): Promise<string> {
  return config.cabinetSecret ?? (await keptSecret(config.dataFolder, 'cabinet-secret', random));
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

interface IngestPlace {
  readonly store: Store;
  readonly link: LateLink;
  /** Absent where another process has them: it follows the trail, and is told what a cabinet said. */
  readonly jobs: Jobs | undefined;
}

function openIngest({ clock, random, log }: CloudOptions, { store, link, jobs }: IngestPlace): Ingest {
  return createIngest({
    ...{ store, clock, random, log },
    send: (topic, body) => link.send(topic, body, { retain: false }),
    onRulebookNeed: (tenant, need) => {
      if (need === 'change') jobs?.rulebooks.request(tenant);
      else jobs?.rulebooks.requestForCustody(tenant);
    },
    onHello: async (address, version) => {
      if (jobs !== undefined) return await jobs.rulebooks.heard(address, version);
      const tenant = uuidFromId('tenant', address.tenant);
      await tellRulebookHeard(store, { tenant, cabinet: uuidFromId('cabinet', address.cabinet), version });
    },
  });
}

async function seed(
  { sample, clock, random, log, say }: CloudOptions,
  to: CabinetReach & { readonly store: Store },
): Promise<void> {
  if (sample === undefined) return;
  const { created } = await seedSampleCustomer({
    ...to,
    file: sample.customer,
    credentialsDir: sample.credentialsFolder,
    clock,
    random,
    log,
  });
  if (created) say(`the users' passwords are in ${join(sample.credentialsFolder, 'users.json')}`);
  say(created ? `created the customer ${sample.customer.name}` : `the customer ${sample.customer.name} is there`);
}
