import { parseSettings, SettingsError } from '@tagtrail/shared/config/settings.js';
import { errorText } from '@tagtrail/shared/error.js';
import { cabinetId, tenantId } from '@tagtrail/shared/events/fields.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { type CabinetCredentials, cabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const millis = z.int().min(1).max(3_600_000);
const baudRate = z.int().min(1200).max(1_000_000);
const path = z.string().min(1).max(300);

const uhf = z.strictObject({
  driver: z.literal('mercury').default('mercury').describe('family of the UHF reader'),
  path: path.describe('serial port, or tcp://host:port of a serial server'),
  baudRate: baudRate.default(115_200).describe('bits per second'),
  antennas: z
    .array(z.int().min(1).max(4))
    .min(1)
    .max(4)
    .refine((list) => new Set(list).size === list.length, 'each antenna once only')
    .default([1, 2, 3, 4])
    .describe('antenna ports in use'),
  readPowerDbm: z.number().min(0).max(31.5).default(27).describe('transmit power'),
  region: z.enum(['eu3', 'na', 'in', 'kr2', 'prc', 'open']).default('eu3').describe('radio region of the reader'),
  searchMs: z.int().min(50).max(5000).default(250).describe('time of one search on the antennas'),
});
export type UhfConfig = z.infer<typeof uhf>;

const badge = z.strictObject({
  driver: z.literal('rdm6300').default('rdm6300').describe('family of the badge reader'),
  path: path.describe('serial port, or tcp://host:port of a serial server'),
  baudRate: baudRate.default(9600).describe('bits per second'),
});
export type BadgeConfig = z.infer<typeof badge>;

const door = z.strictObject({
  door: z.int().min(1).max(8).describe('number of the door'),
  relay: z.int().min(0).max(63).describe('coil that drives its lock'),
  contact: z.int().min(0).max(63).describe('discrete input of its contact'),
  closedWhen: z.boolean().default(true).describe('level of the input while the door is closed'),
});

const lock = z.strictObject({
  driver: z.literal('modbus').default('modbus').describe('family of the lock board'),
  path: path.describe('serial port, or tcp://host:port of a serial server'),
  baudRate: baudRate.default(9600).describe('bits per second'),
  unitId: z.int().min(1).max(247).default(1).describe('Modbus address of the board'),
  pulseMs: z.int().min(50).max(30_000).default(3000).describe('how long the lock is driven'),
  doors: z
    .array(door)
    .min(1)
    .max(8)
    .refine((doors) => new Set(doors.map((one) => one.door)).size === doors.length, 'each door once only')
    .default([{ door: 1, relay: 0, contact: 0, closedWhen: true }])
    .describe('the doors of the cabinet'),
});
export type LockConfig = z.infer<typeof lock>;

const session = z.strictObject({
  openWithinMs: millis.default(8000).describe('the door must be opened within this time of the unlock'),
  leftOpenAfterMs: millis.default(60_000).describe('an open door is reported after this time'),
  receiptMs: millis.default(10_000).describe('how long the receipt stays on the kiosk'),
  refusedMs: millis.default(4000).describe('how long a refusal stays on the kiosk'),
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
  language: z.enum(['en', 'fr']).default('en').describe('language of the kiosk before anybody badges'),
  kiosk: kiosk.prefault({}),
  devices: z.strictObject({ uhf, badge, lock }),
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

function* settingRows(schema: JsonSchema, prefix: string): Generator<readonly [string, string]> {
  for (const [name, given] of Object.entries(schema.properties ?? {})) {
    const property = given as JsonSchema;
    const setting = `${prefix}${name}`;
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
