import { createHmac, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { hashPin } from '@tagtrail/edge/rules/pin-hash.js';
import { badgeHash } from '@tagtrail/edge/rules/rulebook-index.js';
import {
  type CabinetId,
  idFromUuid,
  type OrderId,
  type PersonId,
  type SiteId,
  type TenantId,
  uuidFromId,
} from '@tagtrail/shared/ids.js';
import { pick, type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { pinNumberText } from '@tagtrail/shared/rules/rulebook.js';
import { worldBeginsAtMs } from './world-clock.js';

/** Who and what every simulated world knows by name: the same in every scenario, so that one line says it all. */

export interface CastPerson {
  readonly name: string;
  /** UUID. */
  readonly id: string;
  readonly person: PersonId;
  readonly badge: string;
  readonly groups: readonly string[];
  readonly language: 'en' | 'fr';
  readonly badgeStatus: 'active' | 'lost' | 'revoked';
  readonly status: 'active' | 'suspended';
  readonly validUntil: string | null;
  /** The personal number and the PIN of somebody who may sign in without a badge. */
  readonly pin: { readonly number: string; readonly pin: string; readonly salt: string; readonly hash: string } | null;
}

/** An open work order, for everybody. */
export interface CastOrder {
  readonly id: string;
  readonly order: OrderId;
  readonly number: string;
}

export interface CastTool {
  readonly name: string;
  readonly id: string;
  readonly epc: string;
  /** The antenna nearest to its place. */
  readonly antenna: number;
  readonly groups: readonly string[];
  readonly status: 'available' | 'quarantine' | 'retired';
  readonly calibrationDueAt: string | null;
}

export interface Cast {
  readonly tenant: { readonly id: string; readonly tenant: TenantId };
  readonly site: { readonly id: string; readonly site: SiteId };
  readonly cabinet: { readonly id: string; readonly cabinet: CabinetId; readonly name: string };
  readonly people: readonly CastPerson[];
  readonly tools: readonly CastTool[];
  readonly orders: readonly CastOrder[];
  /** A badge that belongs to nobody. */
  readonly strangerBadge: string;
  readonly badgeKey: string;
  badgeHashOf(number: string): string;
  /** The keyed hash of a personal number, as a rulebook has it. */
  numberHashOf(number: string): string;
  readonly signingKey: string;
  readonly publicKey: KeyObject;
}

const uuid = (group: number, number: number): string =>
  `019a0000-00${group.toString(16).padStart(2, '0')}-7000-8000-${number.toString(16).padStart(12, '0')}`;

type PersonLine = readonly [
  name: string,
  badge: string,
  groups: readonly string[],
  rest?: Partial<Pick<CastPerson, 'badgeStatus' | 'status' | 'language' | 'validUntil' | 'pin'>>,
];

const longAgo = new Date(worldBeginsAtMs - 90 * 86_400_000).toISOString();
const later = new Date(worldBeginsAtMs + 90 * 86_400_000).toISOString();

/** A PIN is hashed slowly on purpose, so once for all worlds of a process. */
const anasPin = await castPin({ number: '1001', pin: '240613', salt: '0a'.repeat(16) });

/** Making one takes as long as a minute of a world, so the same few for all worlds of a process. */
const signingKeys = Array.from({ length: 8 }, (_, number) => newSigningKeys(seededRandom(`signing key/${number}`)));

const people: readonly PersonLine[] = [
  ['ana', '0100C8F008', ['line-a', 'borescope'], { pin: anasPin }],
  ['ben', '0200CA93BF', ['line-a']],
  ['chloe', '0300CC3776', ['line-a'], { language: 'fr' }],
  ['david', '0100CDDB2D', ['line-b']],
  ['lost-badge', '0200CF7EE4', ['line-b'], { badgeStatus: 'lost' }],
  ['revoked-badge', '0300D1229B', ['line-b'], { badgeStatus: 'revoked' }],
  ['suspended', '0400D3AB01', ['line-b'], { status: 'suspended' }],
  ['expired', '0500D5A2C0', ['line-b'], { validUntil: longAgo }],
];

type ToolLine = readonly [name: string, rest?: Partial<Pick<CastTool, 'groups' | 'status' | 'calibrationDueAt'>>];
const tools: readonly ToolLine[] = [
  ...Array.from({ length: 9 }, (_, i): ToolLine => [`TW-0${i + 1}`, { calibrationDueAt: later }]),
  ['MI-01'],
  ['MI-02'],
  ['MI-03'],
  ['BX-01', { groups: ['borescope'] }],
  ['CAL-01', { calibrationDueAt: longAgo }],
  ['QU-01', { status: 'quarantine' }],
];

export function createCast(random: Random): Cast {
  const tenantUuid = uuid(1, 1);
  const siteUuid = uuid(2, 1);
  const cabinetUuid = uuid(3, 1);
  const badgeKey = Buffer.from(randomBytes(random.fork('badge key'), 32)).toString('hex');
  const keys = pick(random.fork('signing key'), signingKeys);
  return {
    tenant: { id: tenantUuid, tenant: idFromUuid('tenant', tenantUuid) },
    site: { id: siteUuid, site: idFromUuid('site', siteUuid) },
    cabinet: { id: cabinetUuid, cabinet: idFromUuid('cabinet', cabinetUuid), name: 'B1' },
    people: people.map(([name, badge, groups, rest], index) => ({
      ...{ name, badge, groups, language: 'en' as const, badgeStatus: 'active' as const, status: 'active' as const },
      ...{ validUntil: null, pin: null },
      ...rest,
      id: uuid(4, index + 1),
      person: idFromUuid('person', uuid(4, index + 1)),
    })),
    tools: tools.map(([name, rest], index) => ({
      ...{ name, groups: [], status: 'available' as const, calibrationDueAt: null },
      ...rest,
      id: uuid(5, index + 1),
      epc: `3034257BF7194E40000${(0x1a80 + index).toString(16).toUpperCase().padStart(5, '0')}`,
      antenna: 1 + (index % 4),
    })),
    orders: ['4711', '4712'].map((number, index) => {
      const id = uuid(6, index + 1);
      return { id, number, order: idFromUuid('order', id) };
    }),
    strangerBadge: '0F00FFFF01',
    badgeKey,
    badgeHashOf: (number) => badgeHash(badgeKey, number),
    numberHashOf: (number) =>
      createHmac('sha256', Buffer.from(badgeKey, 'hex')).update(pinNumberText(number)).digest('hex'),
    ...keys,
  };
}

async function castPin(pin: { readonly number: string; readonly pin: string; readonly salt: string }) {
  const { pinHash } = await hashPin(pin.pin, Buffer.from(pin.salt, 'hex'));
  return { ...pin, hash: pinHash };
}

/** The name of a person or a tool by any of its identifiers; the identifier itself for a stranger. */
export function nameIn(cast: Cast, id: string | null | undefined): string {
  if (id === null || id === undefined) return 'nobody';
  const person = cast.people.find((one) => one.person === id || one.id === id);
  if (person !== undefined) return person.name;
  return cast.tools.find((one) => one.epc === id || one.id === id)?.name ?? id;
}

export const uuidOfPerson = (person: string): string => uuidFromId('person', person);

/** An Ed25519 key pair (RFC 8410) whose 32 secret bytes come from the dice, so that batches are the same for a seed. */
function newSigningKeys(random: Random): { signingKey: string; publicKey: KeyObject } {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([prefix, randomBytes(random, 32)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    signingKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: createPublicKey(privateKey),
  };
}
