import { isIP } from 'node:net';
import { isAbsolute, join, resolve } from 'node:path';
import { parseSettings, type SettingProblem, SettingsError } from '@tagtrail/shared/config/settings.js';
import { z } from 'zod';
import { allRoles, isWhole, type Role, type Roles } from './roles/roles.js';
import type { CertificateFiles } from './tls/certificate.js';

export interface BackupSettings {
  /** Absolute. */
  readonly folder: string;
  readonly everyMs: number;
  readonly keep: number;
  /** One of the two is there. */
  readonly keyFile?: string;
  readonly passphrase?: string;
}

export interface CloudConfig {
  readonly roles: Roles;
  readonly port: number;
  readonly host: string;
  readonly mqttPort: number;
  /** Absent: our own broker talks in the clear. Absolute. */
  readonly mqttTls?: CertificateFiles;
  /** Absent: browsers and programs are answered in the clear, as behind a proxy that has the certificate. Absolute. */
  readonly tls?: CertificateFiles;
  /** Absent: our own PostgreSQL. */
  readonly databaseUrl?: string;
  readonly databaseOwnerUrl?: string;
  /** Absent: our own broker. */
  readonly mqttUrl?: string;
  /** Where cabinets reach that broker, where it is not the address at which the cloud does. */
  readonly mqttPublicUrl?: string;
  /** Absent: no figures and no health for whoever runs the process. */
  readonly metricsPort?: number;
  readonly metricsHost: string;
  /** A request that takes longer is logged with where its time went. */
  readonly slowRequestMs: number;
  /** Days between the agreement that a customer leaves and its removal, at least. */
  readonly noticeDays: number;
  /** The proxies whose word counts for where a request comes from: addresses, networks, or names for some. */
  readonly trustedProxies?: readonly string[];
  /** Where browsers reach the cloud; absent on a machine of its own. */
  readonly publicUrl?: string;
  /** Signs the sign-in cookies; absent: made once and kept in the data folder. */
  readonly authSecret?: string;
  /** What the key follows from that cabinets know the cloud by; absent: made once and kept in the data folder. */
  readonly cabinetSecret?: string;
  /** What the keys that sign the trail follow from; absent: made once and kept in the data folder. */
  readonly logSecret?: string;
  /** The one before, while the new one takes over. */
  readonly formerLogSecret?: string;
  /** Absent: no backups by themselves. */
  readonly backup?: BackupSettings;
  /** Absolute. */
  readonly dataFolder: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** How long the files of the application log stay. */
  readonly logKeepDays: number;
  /** Stop when standard input ends: a launcher that is gone, however it went, closes it. */
  readonly stopWithStdin: boolean;
}

const port = z.coerce
  .number('a port number')
  .int('a port number')
  .min(0, 'a port number')
  .max(65_535, 'a port is at most 65535');
const url = (...protocols: readonly string[]) =>
  z.string().refine(
    (text) => {
      const parsed = URL.canParse(text) ? new URL(text) : undefined;
      return parsed !== undefined && protocols.includes(parsed.protocol.slice(0, -1));
    },
    `an address that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  );

const proxies = z
  .string()
  .transform((text) => text.split(',').map((one) => one.trim()))
  .refine((all) => all.every(isProxy), 'addresses, networks like 10.0.0.0/8, loopback, linklocal or uniquelocal');

const settings = z.object({
  PORT: port.default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  MQTT_PORT: port.default(1883),
  TLS_CERT: z.string().min(1).optional(),
  TLS_KEY: z.string().min(1).optional(),
  MQTT_TLS_CERT: z.string().min(1).optional(),
  MQTT_TLS_KEY: z.string().min(1).optional(),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  DATABASE_OWNER_URL: url('postgres', 'postgresql').optional(),
  MQTT_URL: url('mqtt', 'mqtts', 'ws', 'wss').optional(),
  MQTT_PUBLIC_URL: url('mqtt', 'mqtts', 'ws', 'wss').optional(),
  METRICS_PORT: port.optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  SLOW_REQUEST_MS: z.coerce.number('a number of milliseconds').int().min(1, 'at least 1').default(1000),
  OFF_BOARDING_NOTICE_DAYS: z.coerce.number('a number of days').int('a number of days').min(0).max(730).default(30),
  PUBLIC_URL: url('http', 'https').optional(),
  TRUSTED_PROXIES: proxies.optional(),
  AUTH_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  CABINET_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  LOG_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  LOG_SECRET_BEFORE: z.string().min(32, 'at least 32 characters').optional(),
  BACKUP_FOLDER: z.string().min(1).optional(),
  BACKUP_EVERY_HOURS: z.coerce.number('a number of hours').min(1, 'at least 1').max(720, 'at most 720').default(24),
  BACKUP_KEEP: z.coerce.number('a number of backups').int().min(1, 'at least 1').default(7),
  BACKUP_KEY_FILE: z.string().min(1).optional(),
  BACKUP_PASSPHRASE: z.string().min(12, 'at least 12 characters').optional(),
  TAGTRAIL_DATA: z.string().min(1).default('.tagtrail'),
  TAGTRAIL_STOP_WITH_STDIN: z.enum(['0', '1'], '0 or 1').default('0'),
  LOG_KEEP_DAYS: z.coerce
    .number('a number of days')
    .int('a number of days')
    .min(1, 'at least 1')
    .max(365, 'at most 365: what must last longer belongs to the trail')
    .default(30),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'one of debug, info, warn, error').default('info'),
});

/** Every setting of the environment that the cloud reads. */
export const settingNames: ReadonlySet<string> = new Set(Object.keys(settings.shape));

type SettingName = keyof typeof settings.shape;

/** What a role cannot do without where it does not run together with all the others. */
export const neededApart: Readonly<Record<Role, readonly SettingName[]>> = {
  ingest: ['DATABASE_URL', 'MQTT_URL', 'CABINET_SECRET'],
  api: ['DATABASE_URL', 'MQTT_URL', 'CABINET_SECRET', 'AUTH_SECRET', 'PUBLIC_URL'],
  live: ['DATABASE_URL', 'AUTH_SECRET', 'PUBLIC_URL'],
  jobs: ['DATABASE_URL', 'MQTT_URL', 'CABINET_SECRET', 'LOG_SECRET'],
};

const whyNeeded: Readonly<Partial<Record<SettingName, string>>> = {
  DATABASE_URL: 'all processes must share one database',
  MQTT_URL: 'all processes must reach the cabinets through one broker',
  AUTH_SECRET: 'every process that looks at sign-ins must use the same one',
  CABINET_SECRET: 'cabinets know the cloud by one key, whichever process sends',
  LOG_SECRET: 'the keys that sign the trail must not change with the machine',
  PUBLIC_URL: 'behind a proxy nothing else says where browsers are',
};

/**
 * Reads the settings of the environment; an empty one counts as absent. Relative folders start at `folder`.
 * @throws SettingsError naming every problem at once.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
  roles: Roles = allRoles,
): CloudConfig {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const unknown = given
    .map(([name]) => name)
    .filter((name) => name.startsWith('TAGTRAIL_') && !settingNames.has(name))
    .map((name) => ({ setting: name, problem: `there is no such setting; there is ${[...settingNames].join(', ')}` }));
  const known = Object.fromEntries(given.filter(([name]) => settingNames.has(name)));
  const values = readValues(known, [...unknown, ...missingApart(known, roles)]);
  return {
    roles,
    metricsHost: values.METRICS_HOST,
    slowRequestMs: values.SLOW_REQUEST_MS,
    noticeDays: values.OFF_BOARDING_NOTICE_DAYS,
    port: values.PORT,
    host: values.HOST,
    mqttPort: values.MQTT_PORT,
    dataFolder: isAbsolute(values.TAGTRAIL_DATA) ? values.TAGTRAIL_DATA : join(folder, values.TAGTRAIL_DATA),
    logLevel: values.LOG_LEVEL,
    logKeepDays: values.LOG_KEEP_DAYS,
    stopWithStdin: values.TAGTRAIL_STOP_WITH_STDIN === '1',
    ...(values.DATABASE_URL === undefined ? {} : { databaseUrl: values.DATABASE_URL }),
    ...(values.DATABASE_OWNER_URL === undefined ? {} : { databaseOwnerUrl: values.DATABASE_OWNER_URL }),
    ...certificateOf('mqttTls', { cert: values.MQTT_TLS_CERT, key: values.MQTT_TLS_KEY }, folder),
    ...certificateOf('tls', { cert: values.TLS_CERT, key: values.TLS_KEY }, folder),
    ...(values.MQTT_URL === undefined ? {} : { mqttUrl: values.MQTT_URL }),
    ...(values.MQTT_PUBLIC_URL === undefined ? {} : { mqttPublicUrl: values.MQTT_PUBLIC_URL }),
    ...(values.METRICS_PORT === undefined ? {} : { metricsPort: values.METRICS_PORT }),
    ...(values.PUBLIC_URL === undefined ? {} : { publicUrl: values.PUBLIC_URL }),
    ...(values.TRUSTED_PROXIES === undefined ? {} : { trustedProxies: values.TRUSTED_PROXIES }),
    ...(values.AUTH_SECRET === undefined ? {} : { authSecret: values.AUTH_SECRET }),
    ...(values.CABINET_SECRET === undefined ? {} : { cabinetSecret: values.CABINET_SECRET }),
    ...(values.LOG_SECRET === undefined ? {} : { logSecret: values.LOG_SECRET }),
    ...(values.LOG_SECRET_BEFORE === undefined ? {} : { formerLogSecret: values.LOG_SECRET_BEFORE }),
    ...(values.BACKUP_FOLDER === undefined ? {} : { backup: backupSettings(values, values.BACKUP_FOLDER, folder) }),
  };
}

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function backupSettings(values: z.output<typeof settings>, to: string, folder: string): BackupSettings {
  return {
    folder: isAbsolute(to) ? to : join(folder, to),
    everyMs: values.BACKUP_EVERY_HOURS * 3_600_000,
    keep: values.BACKUP_KEEP,
    ...(values.BACKUP_KEY_FILE === undefined ? {} : { keyFile: values.BACKUP_KEY_FILE }),
    ...(values.BACKUP_PASSPHRASE === undefined ? {} : { passphrase: values.BACKUP_PASSPHRASE }),
  };
}

function backupProblems(values: z.output<typeof settings>): readonly SettingProblem[] {
  if (values.BACKUP_FOLDER === undefined) return [];
  const problems: SettingProblem[] = [];
  if (values.BACKUP_KEY_FILE === undefined && values.BACKUP_PASSPHRASE === undefined) {
    problems.push({ setting: 'BACKUP_FOLDER', problem: 'needs BACKUP_KEY_FILE or BACKUP_PASSPHRASE, which encrypt' });
  }
  if (values.DATABASE_URL !== undefined && values.DATABASE_OWNER_URL === undefined) {
    problems.push({ setting: 'BACKUP_FOLDER', problem: 'needs DATABASE_OWNER_URL, which may read every table' });
  }
  return problems;
}

function certificateOf<K extends 'mqttTls' | 'tls'>(
  name: K,
  { cert, key }: { readonly cert: string | undefined; readonly key: string | undefined },
  folder: string,
): { readonly [name in K]?: CertificateFiles } {
  if (cert === undefined || key === undefined) return {};
  const files = { certFile: resolve(folder, cert), keyFile: resolve(folder, key) };
  return { [name]: files } as { readonly [name in K]: CertificateFiles };
}

const certificatePairs = [
  ['MQTT_TLS_CERT', 'MQTT_TLS_KEY'],
  ['MQTT_TLS_KEY', 'MQTT_TLS_CERT'],
  ['TLS_CERT', 'TLS_KEY'],
  ['TLS_KEY', 'TLS_CERT'],
] as const;

function tlsProblems(values: z.output<typeof settings>): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  for (const [given, other] of certificatePairs) {
    if (values[given] === undefined || values[other] !== undefined) continue;
    problems.push({ setting: other, problem: `is needed with ${given}: a certificate and its key go together` });
  }
  if (values.MQTT_TLS_CERT !== undefined && values.MQTT_URL !== undefined) {
    problems.push({
      setting: 'MQTT_TLS_CERT',
      problem: 'is for our own broker; that at MQTT_URL has its own certificate',
    });
  }
  if (values.TLS_CERT !== undefined && values.PUBLIC_URL?.startsWith('https://') !== true) {
    problems.push({ setting: 'PUBLIC_URL', problem: 'is needed with TLS_CERT, and begins with https://' });
  }
  return problems;
}

function missingApart(given: Readonly<Record<string, unknown>>, chosen: Roles): readonly SettingProblem[] {
  if (isWhole(chosen)) return [];
  const wanting = new Map<SettingName, Role[]>();
  for (const role of chosen) {
    for (const name of neededApart[role]) {
      if (given[name] === undefined) wanting.set(name, [...(wanting.get(name) ?? []), role]);
    }
  }
  return [...wanting].map(([setting, by]) => ({
    setting,
    problem: `is needed by ${by.join(' and ')} in a process of its own: ${whyNeeded[setting] ?? ''}`,
  }));
}

function readValues(given: Record<string, unknown>, unknown: readonly SettingProblem[]): z.output<typeof settings> {
  const source = 'The settings of the environment';
  const problems = [...unknown];
  try {
    const values = parseSettings(source, settings, given);
    if (values.DATABASE_OWNER_URL !== undefined && values.DATABASE_URL === undefined) {
      problems.push({ setting: 'DATABASE_OWNER_URL', problem: 'needs DATABASE_URL, the address for the runtime role' });
    }
    if (values.MQTT_PUBLIC_URL !== undefined && values.MQTT_URL === undefined) {
      problems.push({ setting: 'MQTT_PUBLIC_URL', problem: 'needs MQTT_URL, the address of the same broker for us' });
    }
    problems.push(...tlsProblems(values));
    if (values.METRICS_PORT !== undefined && values.METRICS_PORT !== 0 && values.METRICS_PORT === values.PORT) {
      problems.push({ setting: 'METRICS_PORT', problem: `is ${values.PORT} like PORT; they must differ` });
    }
    if (values.PORT !== 0 && values.PORT === values.MQTT_PORT && values.MQTT_URL === undefined) {
      problems.push({ setting: 'MQTT_PORT', problem: `is ${values.PORT} like PORT; they must differ` });
    }
    problems.push(...backupProblems(values));
    if (problems.length === 0) return values;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.push(...error.problems);
  }
  throw new SettingsError(source, problems);
}
