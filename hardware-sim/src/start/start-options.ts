import { resolve } from 'node:path';
import { parseSettings } from '@tagtrail/shared/config/settings.js';
import { z } from 'zod';

export interface StartOptions {
  /** The project folder, which holds the built parts. */
  readonly root: string;
  /** Where everything that must survive a restart is kept. */
  readonly data: string;
  readonly port: number;
  readonly mqttPort: number;
  /** Begin anew: forget what the data folder holds. */
  readonly fresh: boolean;
  /** Play the simulated shift once everything is up. */
  readonly shift: boolean;
  /** Handed to the cloud as they are; the cloud checks them. */
  readonly cloudEnvironment: Readonly<Record<string, string>>;
}

const port = (fallback: number) =>
  z.coerce
    .number('not a number')
    .int('not a whole number')
    .min(0, 'a port lies between 0 and 65535')
    .max(65535, 'a port lies between 0 and 65535')
    .default(fallback);

const environment = z.object({
  PORT: port(8080),
  MQTT_PORT: port(1883),
  TAGTRAIL_DATA: z.string().min(1, 'names a folder').default('.tagtrail'),
});

const passedOn = ['DATABASE_URL', 'DATABASE_OWNER_URL', 'MQTT_URL', 'PUBLIC_URL', 'LOG_LEVEL'];

/**
 * The launcher's settings from the environment and the command line.
 * @throws SettingsError naming every setting that is wrong.
 */
export function startOptions(
  root: string,
  source: Readonly<Record<string, string | undefined>>,
  flags: { readonly fresh: boolean; readonly shift: boolean },
): StartOptions {
  const values = parseSettings('The environment', environment, source);
  return {
    root,
    data: resolve(root, values.TAGTRAIL_DATA),
    port: values.PORT,
    mqttPort: values.MQTT_PORT,
    fresh: flags.fresh,
    shift: flags.shift,
    cloudEnvironment: Object.fromEntries(
      passedOn.flatMap((name) => {
        const value = source[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}
