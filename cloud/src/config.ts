import { isAbsolute, join } from 'node:path';
import { parseSettings, type SettingProblem, SettingsError } from '@tagtrail/shared/config/settings.js';
import { z } from 'zod';

export interface CloudConfig {
  readonly port: number;
  readonly host: string;
  readonly mqttPort: number;
  /** Absent: our own PostgreSQL. */
  readonly databaseUrl?: string;
  readonly databaseOwnerUrl?: string;
  /** Absent: our own broker. */
  readonly mqttUrl?: string;
  /** Where browsers reach the cloud; absent on a machine of its own. */
  readonly publicUrl?: string;
  /** Signs the sign-in cookies; absent: made once and kept in the data folder. */
  readonly authSecret?: string;
  /** Absolute. */
  readonly dataFolder: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
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

const settings = z.object({
  PORT: port.default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  MQTT_PORT: port.default(1883),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  DATABASE_OWNER_URL: url('postgres', 'postgresql').optional(),
  MQTT_URL: url('mqtt', 'mqtts', 'ws', 'wss').optional(),
  PUBLIC_URL: url('http', 'https').optional(),
  AUTH_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  TAGTRAIL_DATA: z.string().min(1).default('.tagtrail'),
  TAGTRAIL_STOP_WITH_STDIN: z.enum(['0', '1'], '0 or 1').default('0'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'one of debug, info, warn, error').default('info'),
});

const names = new Set(Object.keys(settings.shape));

/**
 * Reads the settings of the environment; an empty one counts as absent. Relative folders start at `folder`.
 * @throws SettingsError naming every problem at once.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>, folder: string): CloudConfig {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const unknown = given
    .map(([name]) => name)
    .filter((name) => name.startsWith('TAGTRAIL_') && !names.has(name))
    .map((name) => ({ setting: name, problem: `there is no such setting; there is ${[...names].join(', ')}` }));
  const values = readValues(Object.fromEntries(given.filter(([name]) => names.has(name))), unknown);
  return {
    port: values.PORT,
    host: values.HOST,
    mqttPort: values.MQTT_PORT,
    dataFolder: isAbsolute(values.TAGTRAIL_DATA) ? values.TAGTRAIL_DATA : join(folder, values.TAGTRAIL_DATA),
    logLevel: values.LOG_LEVEL,
    stopWithStdin: values.TAGTRAIL_STOP_WITH_STDIN === '1',
    ...(values.DATABASE_URL === undefined ? {} : { databaseUrl: values.DATABASE_URL }),
    ...(values.DATABASE_OWNER_URL === undefined ? {} : { databaseOwnerUrl: values.DATABASE_OWNER_URL }),
    ...(values.MQTT_URL === undefined ? {} : { mqttUrl: values.MQTT_URL }),
    ...(values.PUBLIC_URL === undefined ? {} : { publicUrl: values.PUBLIC_URL }),
    ...(values.AUTH_SECRET === undefined ? {} : { authSecret: values.AUTH_SECRET }),
  };
}

function readValues(given: Record<string, unknown>, unknown: readonly SettingProblem[]): z.output<typeof settings> {
  const source = 'The settings of the environment';
  const problems = [...unknown];
  try {
    const values = parseSettings(source, settings, given);
    if (values.DATABASE_OWNER_URL !== undefined && values.DATABASE_URL === undefined) {
      problems.push({ setting: 'DATABASE_OWNER_URL', problem: 'needs DATABASE_URL, the address for the runtime role' });
    }
    if (values.PORT !== 0 && values.PORT === values.MQTT_PORT && values.MQTT_URL === undefined) {
      problems.push({ setting: 'MQTT_PORT', problem: `is ${values.PORT} like PORT; they must differ` });
    }
    if (problems.length === 0) return values;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.push(...error.problems);
  }
  throw new SettingsError(source, problems);
}
