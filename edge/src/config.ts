import { parseSettings, SettingsError } from '@tagtrail/shared/config/settings.js';
import { errorText } from '@tagtrail/shared/error.js';
import { cabinetId, tenantId } from '@tagtrail/shared/events/fields.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { type CabinetCredentials, cabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { badgeConfig, lockConfig, uhfConfig } from './device-config.js';

const millis = z.int().min(1).max(3_600_000);
const path = z.string().min(1).max(300);

const session = z.strictObject({
  openWithinMs: millis.default(8000).describe('the door must be opened within this time of the unlock'),
  leftOpenAfterMs: millis.default(60_000).describe('an open door is reported after this time'),
  receiptMs: millis.default(20_000).describe('how long the receipt stays on the kiosk'),
  refusedMs: millis.default(4000).describe('how long a refusal stays on the kiosk'),
  pinLockMs: millis.default(300_000).describe('no PIN is taken for so long after five wrong ones'),
});
export type SessionConfig = z.infer<typeof session>;

const presence = z.strictObject({
  settleDelayMs: z.int().min(0).max(60_000).default(300).describe('pause between door closed and counting'),
  minRounds: z.int().min(1).max(100).default(3).describe('inventory rounds that are always read'),
  quietRounds: z.int().min(1).max(100).default(2).describe('rounds without a new tag that end the counting'),
  maxMs: millis.default(5000).describe('counting ends after this time at the latest'),
  extraRounds: z.int().min(0).max(100).default(7).describe('further rounds for lines in doubt'),
  strongRssiDbm: z.int().min(-128).max(20).default(-65).describe('a read at least this strong counts as inside'),
  minReads: z.int().min(1).max(1000).default(2).describe('reads that a weak tag needs to count as inside'),
  disputeBelowPct: z.int().min(0).max(100).default(90).describe('lines less sure than this are disputed'),
});
export type PresenceConfig = z.infer<typeof presence>;

const kiosk = z.strictObject({
  port: z.int().min(0).max(65_535).default(8090).describe('port of the touch screen page; 0 takes a free one'),
  host: z.string().min(1).default('127.0.0.1').describe('address it listens on'),
});
export type KioskConfig = z.infer<typeof kiosk>;

const edgeConfig = z.strictObject({
  credentials: path.describe('credentials file of the cabinet, relative to this file'),
  data: path.describe('directory of the journal and the rulebook, relative to this file'),
  mqttUrl: z
    .url({ protocol: /^(mqtts?|wss?)$/, error: 'not an mqtt://, mqtts://, ws:// or wss:// address' })
    .optional()
    .describe('broker; overrides the one in the credentials'),
  mqttCa: path
    .optional()
    .describe('certificates to trust for the broker (PEM), relative to this file; those of the system when left out'),
  whenDiskFails: z
    .enum(['refuse', 'memory'])
    .default('refuse')
    .describe('while nothing can be recorded: refuse to let anybody take, or unlock and remember in memory only'),
  language: z.enum(['en', 'fr']).default('en').describe('language of the kiosk before anybody badges'),
  kiosk: kiosk.prefault({}),
  devices: z.strictObject({ uhf: uhfConfig, badge: badgeConfig, lock: lockConfig }),
  session: session.prefault({}),
  presence: presence.prefault({}),
});
export type EdgeConfig = z.infer<typeof edgeConfig>;

/**
 * The settings in a YAML (or JSON) text, with every default filled in.
 * @throws SettingsError naming every problem by the setting's path.
 */
export function parseEdgeConfig(text: string, source = 'the configuration'): EdgeConfig {
  let values: unknown;
  try {
    values = parseYaml(text);
  } catch (error) {
    throw new SettingsError(source, [{ setting: '(whole)', problem: `is not YAML: ${errorText(error)}` }]);
  }
  return parseSettings(source, edgeConfig, values ?? {});
}

/**
 * The cabinet's credentials in a JSON text. Problems never quote a value, because some are secret.
 * @throws SettingsError naming every problem.
 */
export function parseCredentials(text: string, source = 'the credentials'): CabinetCredentials & CabinetAddress {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    throw new SettingsError(source, [{ setting: '(whole)', problem: 'is not JSON' }]);
  }
  return parseSettings(source, cabinetCredentials.extend({ tenant: tenantId, cabinet: cabinetId }), values);
}

/** One line for each setting: its path, its default, what it means. */
export function settingsHelp(): string {
  const rows = [...settingRows(z.toJSONSchema(edgeConfig, { io: 'input' }), '')];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}

type JsonSchema = z.core.JSONSchema.BaseSchema;
type SettingRow = readonly [name: string, text: string];

function* settingRows(schema: JsonSchema, prefix: string): Generator<SettingRow> {
  for (const [name, given] of Object.entries(schema.properties ?? {})) {
    const property = given as JsonSchema;
    const setting = `${prefix}${name}`;
    const families = property.oneOf ?? property.anyOf ?? [];
    if (families.some((family) => (family as JsonSchema).properties?.['driver'] !== undefined)) {
      yield* familyRows(families as JsonSchema[], `${setting}.`);
      continue;
    }
    if (property.properties !== undefined) {
      yield* settingRows(property, `${setting}.`);
      continue;
    }
    const required = schema.required?.includes(name) === true;
    const choices = property.enum === undefined ? '' : ` (${property.enum.join(', ')})`;
    const fallback = property.default === undefined ? '' : `; default ${JSON.stringify(property.default)}`;
    yield [setting, `${property.description ?? ''}${choices}${required ? '; required' : fallback}`];
    const items = property.items as JsonSchema | undefined;
    if (items?.properties !== undefined) yield* settingRows(items, `${setting}[].`);
  }
}

/** The settings of all families of a device, each with the drivers that know it; the first family is the usual one. */
function* familyRows(families: readonly JsonSchema[], prefix: string): Generator<SettingRow> {
  const drivers = families.map((family) => String((family.properties?.['driver'] as JsonSchema | undefined)?.const));
  yield [`${prefix}driver`, `family of the device (${drivers.join(', ')}); default ${drivers[0]}`];
  const known = new Map<string, { readonly row: SettingRow; readonly by: string[] }>();
  for (const [index, family] of families.entries()) {
    for (const row of settingRows(family, prefix)) {
      if (row[0] === `${prefix}driver`) continue;
      const entry = known.get(row.join(' ')) ?? { row, by: [] };
      entry.by.push(drivers[index] as string);
      known.set(row.join(' '), entry);
    }
  }
  for (const { row, by } of known.values()) {
    yield by.length === drivers.length ? row : [row[0], `${row[1]}; only ${by.join(', ')}`];
  }
}
