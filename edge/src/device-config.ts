import { readLinePattern } from '@tagtrail/shared/protocol/ascii-line/line-pattern.js';
import { z } from 'zod';

/*
 * The settings of the devices: one schema for each family, told apart by `driver`. A further family
 * is one more schema in its list below, and one more line in `device-drivers.ts`.
 */

const baudRate = z.int().min(1200).max(1_000_000);
const path = z.string().min(1).max(300).describe('serial port, or tcp://host:port of a serial server');

const antennas = z
  .array(z.int().min(1).max(4))
  .min(1)
  .max(4)
  .refine((list) => new Set(list).size === list.length, 'each antenna once only')
  .default([1, 2, 3, 4])
  .describe('antenna ports in use');

const mercuryPort = z.strictObject({
  antenna: z.int().min(1).max(4).describe('antenna port'),
  readPowerDbm: z.number().min(0).max(31.5).optional().describe('transmit power of this port alone'),
  dwellMs: z.int().min(20).max(5000).optional().describe('time on this port in every search'),
});

const mercury = z
  .strictObject({
    driver: z.literal('mercury').describe('family of the UHF reader'),
    path,
    baudRate: baudRate.default(115_200).describe('bits per second; the reader is told to change to it'),
    antennas,
    readPowerDbm: z.number().min(0).max(31.5).default(27).describe('transmit power'),
    mostPowerDbm: z
      .number()
      .min(0)
      .max(31.5)
      .optional()
      .describe('never exceeded when a denied line is read again; what the region allows with 6 dBi when left out'),
    ports: z.array(mercuryPort).max(4).optional().describe('ports that differ from the others'),
    region: z.enum(['eu3', 'na', 'in', 'kr2', 'prc', 'open']).default('eu3').describe('radio region of the reader'),
    searchMs: z.int().min(50).max(5000).default(250).describe('time of one search on the antennas'),
  })
  .refine(({ ports = [], antennas: used }) => ports.every((one) => used.includes(one.antenna)), {
    path: ['ports'],
    error: 'names an antenna that is not in use',
  })
  .refine(({ ports = [] }) => new Set(ports.map((one) => one.antenna)).size === ports.length, {
    path: ['ports'],
    error: 'each antenna once only',
  })
  .refine(({ ports = [], searchMs }) => ports.reduce((sum, one) => sum + (one.dwellMs ?? 0), 0) <= searchMs, {
    path: ['ports'],
    error: 'the times on the antennas are longer than the search, so that the last would never be read',
  });
export type MercuryConfig = z.infer<typeof mercury>;

const llrp = z.strictObject({
  driver: z.literal('llrp').describe('family of the UHF reader'),
  host: z.string().min(1).max(253).describe('name or address of the network reader'),
  port: z.int().min(1).max(65_535).default(5084).describe('TCP port of the reader'),
  antennas,
  searchMs: z.int().min(50).max(5000).default(250).describe('time of one round over the antennas'),
});
export type LlrpConfig = z.infer<typeof llrp>;

const chafon = z.strictObject({
  driver: z.literal('chafon').describe('family of the UHF reader'),
  path,
  baudRate: baudRate.default(57_600).describe('bits per second'),
  antennas,
  readPowerDbm: z.int().min(0).max(30).default(27).describe('transmit power'),
  region: z.enum(['eu3', 'na', 'kr2', 'prc']).default('eu3').describe('radio region of the reader'),
  searchMs: z.int().min(100).max(5000).default(300).describe('longest time of one search on one antenna'),
  antennaCheck: z.boolean().default(true).describe('false for antennas that the reader cannot sense'),
  rssiOffsetDb: z
    .int()
    .min(-200)
    .max(0)
    .default(-130)
    .describe("what turns the reader's number for a strength into dBm; not published by the maker"),
});
export type ChafonConfig = z.infer<typeof chafon>;

const m100 = z.strictObject({
  driver: z.literal('m100').describe('family of the UHF reader'),
  path,
  baudRate: baudRate.default(115_200).describe('bits per second'),
  antennas: z
    .tuple([z.literal(1)])
    .default([1])
    .describe('the module has one antenna'),
  readPowerDbm: z.number().min(0).max(30).default(20).describe('transmit power'),
  region: z.enum(['eu3', 'na', 'kr2', 'prc']).default('eu3').describe('radio region of the reader'),
  searchMs: z.int().min(50).max(5000).default(250).describe('time that counts as one round over the antenna'),
});
export type M100Config = z.infer<typeof m100>;

export const uhfConfig = byDriver('mercury', [mercury, chafon, m100, llrp]);
export type UhfConfig = z.infer<typeof uhfConfig>;

const rdm6300 = z.strictObject({
  driver: z.literal('rdm6300').describe('family of the badge reader'),
  path,
  baudRate: baudRate.default(9600).describe('bits per second'),
});
export type Rdm6300Config = z.infer<typeof rdm6300>;

const shortAscii = z
  .string()
  .max(16)
  .regex(/^[\x20-\x7e]*$/, 'printable ASCII characters only');

const asciiLine = z.strictObject({
  driver: z.literal('ascii').describe('family of the badge reader'),
  path,
  baudRate: baudRate.default(9600).describe('bits per second'),
  terminator: z.enum(['cr', 'lf', 'crlf']).default('crlf').describe('what ends a line'),
  prefix: shortAscii.default('').describe('text in front of every number'),
  suffix: shortAscii.default('').describe('text behind every number'),
  pattern: z
    .string()
    .min(1)
    .max(200)
    .refine(
      (text) => readLinePattern(text) !== null,
      'a regular expression with exactly one group, which holds the number, and without repeated groups',
    )
    .default('^([0-9A-Fa-f]+)$')
    .describe('regular expression with one group, which holds the number'),
  radix: z
    .union([z.literal(10), z.literal(16)])
    .default(16)
    .describe('10 when the reader prints decimal numbers'),
  digits: z.int().min(2).max(32).default(10).describe('hexadecimal digits of a badge number, zeros in front'),
  debounceMs: z
    .int()
    .min(0)
    .max(10_000)
    .default(500)
    .describe('the same number again within this time is no new badge'),
});
export type AsciiLineConfig = z.infer<typeof asciiLine>;

const osdp = z.strictObject({
  driver: z.literal('osdp').describe('family of the badge reader'),
  path,
  baudRate: baudRate.default(9600).describe('bits per second'),
  address: z.int().min(0).max(126).default(0).describe('address of the reader on its bus'),
  secureKey: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/, 'a secure channel key has 32 hexadecimal digits')
    .nullable()
    .default(null)
    .describe('key of the secure channel (SCBK); null talks in the clear'),
  giveKey: z
    .boolean()
    .default(false)
    .describe('at installation only: a reader that knows but the key it was delivered with is given secureKey'),
  digits: z.int().min(2).max(32).default(10).describe('hexadecimal digits of a badge number, zeros in front'),
});
export type OsdpConfig = z.infer<typeof osdp>;

export const badgeConfig = byDriver('rdm6300', [rdm6300, asciiLine, osdp]);
export type BadgeConfig = z.infer<typeof badgeConfig>;

const door = z.strictObject({
  door: z.int().min(1).max(8).describe('number of the door'),
  relay: z.int().min(0).max(63).describe('coil that drives its lock'),
  contact: z.int().min(0).max(63).describe('discrete input of its contact'),
  closedWhen: z.boolean().default(true).describe('level of the input while the door is closed'),
});
const doors = z
  .array(door)
  .min(1)
  .max(8)
  .refine((list) => new Set(list.map((one) => one.door)).size === list.length, 'each door once only')
  .default([{ door: 1, relay: 0, contact: 0, closedWhen: true }])
  .describe('the doors of the cabinet');

const modbus = z.strictObject({
  driver: z.literal('modbus').describe('family of the lock board'),
  path,
  baudRate: baudRate.default(9600).describe('bits per second'),
  unitId: z.int().min(1).max(247).default(1).describe('Modbus address of the board'),
  pulseMs: z.int().min(50).max(30_000).default(3000).describe('how long the lock is driven'),
  doors,
});
export type ModbusConfig = z.infer<typeof modbus>;

const kerongCu16 = z.strictObject({
  driver: z.literal('kerong-cu16').describe('family of the lock board'),
  path,
  baudRate: baudRate.default(19_200).describe('bits per second'),
  board: z.int().min(0).max(15).default(0).describe('address of the board'),
  doors: doors.refine((list) => list.every(isOnBoardOf(16)), 'the board has the locks 0 to 15'),
});
const kerongCu48 = z.strictObject({
  driver: z.literal('kerong-cu48').describe('family of the lock board'),
  path,
  baudRate: baudRate.default(19_200).describe('bits per second'),
  board: z.int().min(0).max(255).default(0).describe('address of the board'),
  doors: doors.refine((list) => list.every(isOnBoardOf(48)), 'the board has the locks 0 to 47'),
});
export type KerongConfig = z.infer<typeof kerongCu16> | z.infer<typeof kerongCu48>;

export const lockConfig = byDriver('modbus', [modbus, kerongCu16, kerongCu48]);
export type LockConfig = z.infer<typeof lockConfig>;

/** The settings of one family out of several; without `driver` it is the first one's. */
function byDriver<const Families extends Parameters<typeof z.discriminatedUnion>[1]>(
  usual: string,
  families: Families,
) {
  return z.preprocess(
    (given) => (isPlain(given) && given.driver === undefined ? { driver: usual, ...given } : given),
    z.discriminatedUnion('driver', families),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOnBoardOf(locks: number) {
  return (one: z.infer<typeof door>): boolean => one.relay < locks && one.contact < locks;
}
