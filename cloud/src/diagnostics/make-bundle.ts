import { release } from 'node:os';
import type { Store } from '../store/prisma.js';
import { sql } from '../store/sql.js';
import { appendCloudEvent } from '../store/trail.js';
import { type CustomerDiagnostics, type CustomerNames, readCustomer, readNames } from './read-customer.js';
import { shownSettings } from './shown-settings.js';

/** The word of a customer (UUID) that names may be shown to whoever helps, and why. */
export interface Consent {
  readonly tenant: string;
  readonly note: string;
}

/** What a bundle says; times are ISO 8601 in UTC. */
export interface DiagnosticBundle {
  readonly format: 'tagtrail-diagnostics/v1';
  readonly madeAt: string;
  /** Whoever has it deletes it by then. */
  readonly expiresAt: string;
  readonly versions: Readonly<Record<string, string | number>>;
  /** Each setting: its value, `set`, or null. */
  readonly settings: Readonly<Record<string, string | null>>;
  /** What the process says of itself at METRICS_PORT; null where it does not answer. */
  readonly health: unknown;
  readonly figures: string | null;
  readonly log: readonly Readonly<Record<string, unknown>>[];
  readonly customers: readonly CustomerDiagnostics[];
  /** Only where the customer has agreed; the trail says so. */
  readonly names: CustomerNames | null;
}

export interface BundleOptions {
  readonly store: Store;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly atMs: number;
  readonly keepDays: number;
  readonly health: unknown;
  readonly figures: string | null;
  readonly log: DiagnosticBundle['log'];
  readonly consent?: Consent | undefined;
}

/**
 * What somebody who helps needs to see: of people nothing, unless their customer has agreed. An agreement is a line
 * of the trail before any name is read.
 */
export async function makeBundle(options: BundleOptions): Promise<DiagnosticBundle> {
  const { store, environment, version, atMs, keepDays, health, figures, log, consent } = options;
  const expiresAt = new Date(atMs + keepDays * 86_400_000).toISOString();
  const customers: CustomerDiagnostics[] = [];
  for (const tenant of await store.tenants()) {
    customers.push(await store.readTenant(tenant, (tx) => readCustomer(tx, tenant)));
  }
  return {
    format: 'tagtrail-diagnostics/v1',
    madeAt: new Date(atMs).toISOString(),
    expiresAt,
    versions: {
      tagtrail: version,
      node: process.version,
      system: `${process.platform} ${release()}`,
      ...(await schemaOf(store)),
    },
    settings: shownSettings(environment),
    ...{ health, figures, log, customers },
    names: consent === undefined ? null : await namesOf(store, consent, { atMs, expiresAt }),
  };
}

async function schemaOf(store: Store): Promise<Record<string, string | number>> {
  const [row] = await store.global.$queryRaw<{ postgres: string; migration: string; migrations: number }[]>(sql`
    select current_setting('server_version') as postgres, max(migration_name) as migration, count(*)::int as migrations
    from _prisma_migrations`);
  return { postgres: row?.postgres ?? '', migration: row?.migration ?? '', migrations: row?.migrations ?? 0 };
}

async function namesOf(
  store: Store,
  { tenant, note }: Consent,
  { atMs, expiresAt }: { readonly atMs: number; readonly expiresAt: string },
): Promise<CustomerNames> {
  return await store.withTenant(tenant, async (tx) => {
    await appendCloudEvent(tx, {
      ...{ tenant, at: new Date(atMs).toISOString(), kind: 'diagnostics.names_shown' },
      data: { expiresAt, note },
    });
    return await readNames(tx, tenant);
  });
}
