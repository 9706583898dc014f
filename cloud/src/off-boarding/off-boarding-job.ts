import { errorText } from '@tagtrail/shared/error.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type CabinetAddress, downTopic } from '@tagtrail/shared/mqtt/topics.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import { logSigner } from '../proof/log-key.js';
import { sealTenant } from '../proof/seal.js';
import type { Store } from '../store/prisma.js';
import { closeCustomer, cutOffCabinets, readLeaving } from './close-customer.js';
import { endContractRecords } from './contract-records.js';
import { leavingStep } from './leaving-step.js';
import { removeCustomer } from './remove-customer.js';

/** The way to the cabinets, as far as somebody who leaves needs it. */
export interface LastReach {
  /** Whether cabinets can be reached. */
  stands(): boolean;
  send(topic: string, body: string, options: { readonly retain: boolean }): Promise<void>;
  cutOff(address: CabinetAddress): void;
}

export interface OffBoardingOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly link: LastReach;
  /** What the keys that sign the trail follow from. */
  readonly logSecret: string;
  /** Asks for new rulebooks of a customer (UUID). */
  readonly requestRulebooks: (tenant: string) => void;
}

const everyMs = 3_600_000;
const firstAfterMs = 60_000;
/** A removal takes every line of a customer in one transaction. */
const longTurn = { timeoutMs: 1_800_000 } as const;

/** Looks soon after the start and then every hour at who leaves. */
export function startOffBoarding(options: OffBoardingOptions): Timer {
  const { clock } = options;
  let timer = clock.startTimer('off-boarding', firstAfterMs, () => {
    timer = repeat(clock, 'off-boarding', everyMs, async () => void (await runOffBoarding(options)));
    void runOffBoarding(options);
  });
  return { cancel: () => timer.cancel() };
}

/**
 * One round: each customer that leaves comes one step further, so that what one step told the other processes and the
 * cabinets has an hour to arrive. One that goes wrong does not hold up the others. Answers what went wrong.
 */
export async function runOffBoarding(options: OffBoardingOptions): Promise<readonly string[]> {
  const { store, clock, log } = options;
  const problems: string[] = [];
  const failed = (error: unknown, detail: { readonly tenant?: string } = {}): void => {
    log.error({ ...detail, problem: errorText(error) }, 'off_boarding.step.failed');
    problems.push(errorText(error));
  };
  const tenants = await store.tenants().catch((error: unknown) => {
    failed(error);
    return [];
  });
  for (const tenant of tenants) await stepFor(options, tenant).catch((error: unknown) => failed(error, { tenant }));
  await endContractRecords(store, clock.wallMs())
    .then((rows) => rows > 0 && log.info({ rows }, 'off_boarding.records.ended'))
    .catch(failed);
  return problems;
}

/**
 * Closes the customers whose day has come; for a database of a backup, before anybody may look.
 * @throws the database's errors.
 */
export async function closeDueCustomers(store: Store, atMs: number): Promise<void> {
  for (const tenant of await store.tenants()) {
    await store.withTenant(tenant, (tx) => closeCustomer(tx, { tenant, atMs }), longTurn);
  }
}

async function stepFor(options: OffBoardingOptions, tenant: string): Promise<void> {
  const { store, clock, log, link } = options;
  const target = { tenant, atMs: clock.wallMs() };
  const leaving = await store.readTenant(tenant, (tx) => readLeaving(tx, tenant));
  const step = leaving === undefined ? 'wait' : leavingStep(leaving, target.atMs);
  if (step === 'wait') return;
  if (step === 'close') {
    await store.withTenant(tenant, (tx) => closeCustomer(tx, target), longTurn);
    options.requestRulebooks(tenant);
  } else if (step === 'cut_off') {
    const cabinets = await store.withTenant(tenant, (tx) => cutOffCabinets(tx, target));
    for (const cabinet of cabinets) link.cutOff(addressOf(tenant, cabinet));
    options.requestRulebooks(tenant);
  } else {
    // What the broker keeps is cleared while it is still known for whom.
    if (!link.stands()) return;
    await clearBroker(options, tenant);
    const signer = logSigner(options.logSecret, tenant);
    while ((await store.withTenant(tenant, (tx) => sealTenant(tx, target, signer), longTurn)) !== undefined);
    await store.withTenant(tenant, (tx) => removeCustomer(tx, target, signer), longTurn);
  }
  log.info({ tenant, action: step }, 'off_boarding.step.done');
}

async function clearBroker({ store, link }: OffBoardingOptions, tenant: string): Promise<void> {
  const cabinets = await store.readTenant(tenant, (tx) => tx.cabinet.findMany({ where: { tenantId: tenant } }));
  for (const { id } of cabinets) {
    for (const topic of ['rulebook', 'custody'] as const) {
      await link.send(downTopic(addressOf(tenant, id), topic), '', { retain: true });
    }
  }
}

function addressOf(tenant: string, cabinet: string): CabinetAddress {
  return { tenant: idFromUuid('tenant', tenant), cabinet: idFromUuid('cabinet', cabinet) };
}
