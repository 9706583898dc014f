import { AppError } from '@tagtrail/shared/error.js';
import { idFromUuid, newUuid } from '@tagtrail/shared/ids.js';
import { below, type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { CabinetCredentials, SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import { newCabinetKeys } from '../cabinets/cabinet-keys.js';
import type { CabinetReach } from '../cabinets/create-cabinet.js';
import { badgeHash } from '../people/badge-hash.js';

export interface UserCredentials {
  readonly email: string;
  readonly password: string;
  readonly role: SampleCustomer['users'][number]['role'];
}

/** Everything a sample customer becomes, as rows; ids are UUIDs. */
export interface CustomerPlan {
  readonly tenant: { readonly id: string; readonly name: string; readonly badge_key: string };
  readonly sites: readonly { id: string; name: string; time_zone: string }[];
  readonly cabinets: readonly {
    id: string;
    key: string;
    site_id: string;
    name: string;
    doors: number;
    secret_hash: string;
    public_key: string;
    credentials: CabinetCredentials;
  }[];
  readonly people: readonly {
    id: string;
    key: string;
    name: string;
    display_name: string;
    language: string;
    groups: string[];
  }[];
  readonly badges: readonly { id: string; person_id: string; number_hash: string; ends_with: string }[];
  readonly assets: readonly {
    id: string;
    key: string;
    name: string;
    model: string;
    serial: string;
    home_cabinet_id: string;
    site_id: string;
    groups: string[];
    calibration_due_at: string | null;
    epc: string;
    binding_id: string;
  }[];
  readonly users: readonly (UserCredentials & { id: string; name: string; site_ids: string[]; all_sites: boolean })[];
}

const dayMs = 86_400_000;
/** Without the letters and digits that look like each other. */
const passwordAlphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Gives every part of the file its id, its keys and its passwords. Pure but for the chance passed in. */
export function planCustomer(
  file: SampleCustomer,
  { atMs, random, mqttUrl, cloudKey }: { readonly atMs: number; readonly random: Random } & CabinetReach,
): CustomerPlan {
  const hex = (length: number): string => Buffer.from(randomBytes(random, length)).toString('hex');
  // Ids carry their time: a millisecond apart, lists keep the order of the file.
  const idAt = (list: readonly unknown[], i: number): string => newUuid(atMs - list.length + i, random);
  const tenant = { id: newUuid(atMs, random), name: file.name, badge_key: hex(32) };
  const sites = file.sites.map((site, i) => ({ ...site, id: idAt(file.sites, i) }));
  const siteOf = (key: string) => found(sites, key, 'site');
  const cabinets = file.cabinets.map((cabinet, i) => {
    const id = idAt(file.cabinets, i);
    const { secret, signingKey, secretHash, publicKey } = newCabinetKeys(random);
    const site = siteOf(cabinet.site);
    const credentials = {
      tenant: idFromUuid('tenant', tenant.id),
      cabinet: idFromUuid('cabinet', id),
      name: cabinet.name,
      site: site.name,
      mqttUrl,
      secret,
      signingKey,
      cloudKey,
    };
    return { ...cabinet, id, site_id: site.id, secret_hash: secretHash, public_key: publicKey, credentials };
  });
  const people = file.people.map((person, i) => ({
    ...person,
    id: idAt(file.people, i),
    display_name: person.displayName,
  }));
  return {
    tenant,
    sites: sites.map(({ id, name, timeZone }) => ({ id, name, time_zone: timeZone })),
    cabinets,
    people,
    badges: people.map((person) => ({
      id: newUuid(atMs, random),
      person_id: person.id,
      number_hash: badgeHash(tenant.badge_key, person.badge),
      ends_with: person.badge.slice(-4),
    })),
    assets: file.assets.map((asset, i) => {
      const home = found(cabinets, asset.cabinet, 'cabinet');
      const due = asset.calibrationDueInDays;
      return {
        ...asset,
        id: idAt(file.assets, i),
        home_cabinet_id: home.id,
        site_id: home.site_id,
        calibration_due_at: due === null ? null : new Date(atMs + due * dayMs).toISOString(),
        binding_id: newUuid(atMs, random),
      };
    }),
    users: file.users.map((user) => ({
      id: newUuid(atMs, random),
      email: user.email.toLowerCase(),
      name: user.name,
      role: user.role,
      password: newPassword(random),
      site_ids: user.sites.map((key) => siteOf(key).id),
      all_sites: user.sites.length === 0,
    })),
  };
}

/** Four groups of four: 79 bits, and a person can type it. */
export function newPassword(random: Random): string {
  const group = (): string =>
    Array.from({ length: 4 }, () => passwordAlphabet[below(random, passwordAlphabet.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}

/** @throws AppError `seed.key_unknown` when the file refers to something that it does not contain. */
export function found<T extends { readonly key: string }>(list: readonly T[], key: string, what: string): T {
  const match = list.find((item) => item.key === key);
  if (match === undefined) {
    throw new AppError(
      'seed.key_unknown',
      `The sample file refers to the ${what} "${key}", which it does not contain.`,
      {
        kind: 'operator',
      },
    );
  }
  return match;
}
