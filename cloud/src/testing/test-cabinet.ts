import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Json } from '@tagtrail/shared/chain/canonical.js';
import { chainGenesis, nextChain } from '@tagtrail/shared/chain/record-chain.js';
import { type CabinetId, idFromUuid, newUuid, type TenantId } from '@tagtrail/shared/ids.js';
import {
  commandCounterText,
  type HelloMessage,
  type StateMessage,
  signedText,
} from '@tagtrail/shared/mqtt/messages.js';
import { type CabinetAddress, type UpTopic, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import type { Store } from '../store/prisma.js';
import type { TestTenant } from './test-database.js';

/** A cabinet that exists in the database, and its own side of the conversation. Ids are UUIDs. */
export interface TestCabinet {
  readonly id: string;
  readonly tenant: string;
  readonly address: CabinetAddress;
  readonly secret: string;
  readonly publicKey: KeyObject;
  /** Records events: gives them sequence, boot and mono. */
  record(...drafts: readonly TestEvent[]): void;
  /** The signed batch of `from..to`; all that is recorded when not given. */
  batch(from?: number, to?: number): Record<string, unknown>;
  /** A signed batch of anything under any numbers. */
  signed(batch: {
    readonly from: number;
    readonly prev?: string;
    readonly events: readonly Json[];
  }): Record<string, unknown>;
  /** What the cabinet says in its hello of the last command that it carried out. */
  vouchedCounter(counter: number): HelloMessage['commands'];
  readonly chain: string;
  readonly last: number;
  readonly log: string;
  topic(name: UpTopic): string;
  /** The same cabinet, key and log with an empty disk, as after an old image was restored. */
  restoredDisk(): TestCabinet;
  /** The same cabinet and key with a log that begins anew. */
  otherLog(): TestCabinet;
}

export interface TestEvent {
  readonly kind: string;
  readonly at: string;
  readonly data: Readonly<Record<string, Json>>;
  readonly session?: string;
  readonly order?: string;
  readonly actor?: string;
  readonly asset?: string;
}

export async function makeCabinet(store: Store, { tenant, site }: TestTenant, name = 'C1'): Promise<TestCabinet> {
  const id = freshUuid();
  const keys = generateKeyPairSync('ed25519');
  const secret = createHash('sha256').update(id).digest('hex');
  await store.withTenant(tenant, (tx) =>
    tx.cabinet.create({
      data: {
        tenantId: tenant,
        id,
        siteId: site,
        name,
        secretHash: createHash('sha256').update(secret).digest('hex'),
        publicKey: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      },
    }),
  );
  return conversation({ id, tenant, secret, key: keys.privateKey });
}

/** Who a cabinet is: ids are UUIDs, `key` signs. */
export interface CabinetIdentity {
  readonly id: string;
  readonly tenant: string;
  readonly secret: string;
  readonly key: KeyObject;
}

/** The cabinet's side of the conversation, with nothing recorded yet. */
export function conversation(identity: CabinetIdentity, log: string = identity.id.replaceAll('-', '')): TestCabinet {
  const { id, tenant, secret, key } = identity;
  const address = {
    tenant: idFromUuid('tenant', tenant) as TenantId,
    cabinet: idFromUuid('cabinet', id) as CabinetId,
  };
  const events: Json[] = [];
  const chains = [chainGenesis];
  const signed: TestCabinet['signed'] = (batch) => {
    const { from, prev = chainGenesis } = batch;
    const to = from + batch.events.length - 1;
    const chain = batch.events.reduce<string>((before, event) => nextChain(sha256, before, event), prev);
    const sig = sign(null, Buffer.from(signedText({ log, from, to, prev, chain })), key).toString('base64url');
    return { v: 1, log, from, to, prev, events: batch.events, sig };
  };
  return {
    id,
    tenant,
    address,
    secret,
    publicKey: createPublicKey(key),
    log,
    record: (...drafts) => {
      for (const draft of drafts) {
        const event = {
          seq: events.length + 1,
          mono: events.length * 10,
          boot: '00000000000000b0',
          ...draft,
        } as unknown as Json;
        events.push(event);
        chains.push(nextChain(sha256, chains[chains.length - 1] as string, event));
      }
    },
    batch: (from = 1, to = events.length) =>
      signed({ from, prev: chains[from - 1] as string, events: events.slice(from - 1, to) }),
    signed,
    vouchedCounter: (counter) => {
      const text = Buffer.from(commandCounterText({ ...address, counter }));
      return { counter, sig: sign(null, text, key).toString('base64url') };
    },
    get chain() {
      return chains[chains.length - 1] as string;
    },
    get last() {
      return events.length;
    },
    topic: (name) => upTopic(address, name),
    restoredDisk: () => conversation(identity, log),
    otherLog: () => conversation(identity, freshUuid().replaceAll('-', '')),
  };
}

/** An asset with an open tag binding; answers its UUID. */
export async function makeAsset(
  store: Store,
  tenant: string,
  asset: { readonly name?: string; readonly epc: string; readonly home?: string },
): Promise<string> {
  const id = freshUuid();
  await store.withTenant(tenant, async (tx) => {
    await tx.asset.create({
      data: { tenantId: tenant, id, name: asset.name ?? `Tool ${asset.epc}`, homeCabinetId: asset.home ?? null },
    });
    await tx.tagBinding.create({
      data: { tenantId: tenant, id: freshUuid(), epc: asset.epc, assetId: id, boundAt: new Date(0) },
    });
  });
  return id;
}

export function freshUuid(): string {
  return newUuid(systemClock.wallMs(), systemRandom);
}

const evidence = { reads: 12, rounds: 3, antennas: [1], bestRssiDbm: -50 };

/** A line about a tag: `asset.checked_out` or `asset.returned`. */
export function lineEvent(
  kind: 'asset.checked_out' | 'asset.returned',
  line: { readonly epc: string; readonly at: string; readonly actor?: string; readonly session?: string },
): TestEvent {
  const own = kind === 'asset.returned' ? { takenBy: null } : { authority: 'allowed', reason: null };
  const base = { epc: line.epc, name: 'Tool', confidencePct: 99, disputed: false, certainty: 'observed', evidence };
  return {
    kind,
    at: line.at,
    data: { ...base, ...own },
    ...(line.actor === undefined ? {} : { actor: idFromUuid('person', line.actor) }),
    ...(line.session === undefined ? {} : { session: idFromUuid('session', line.session) }),
  };
}

/** What is decided at the screen about a line: that it is denied, how the second reading ends, or a hand-over. */
export function deskEvent(
  what: 'hand_over' | 'dispute' | 'corrected' | 'stays',
  line: { readonly epc: string; readonly at: string; readonly actor: string },
): TestEvent {
  const named = { epc: line.epc, name: 'Tool' };
  const envelope = { at: line.at, actor: idFromUuid('person', line.actor) };
  if (what === 'hand_over') {
    const from = idFromUuid('person', line.actor);
    return { ...envelope, kind: 'custody.handed_over', data: { ...named, from } };
  }
  const denied = { ...named, movement: 'taken' };
  if (what === 'dispute') return { ...envelope, kind: 'asset.disputed', data: denied };
  const outcome = what === 'corrected' ? 'corrected' : 'stays_disputed';
  return { ...envelope, kind: 'dispute.settled', data: { ...denied, outcome, rounds: 9 } };
}

/** The beginning or the end of a cabinet session; `session` and `actor` are UUIDs. */
export function sessionEvent(
  what: 'opened' | 'closed',
  visit: { readonly at: string; readonly session: string; readonly actor?: string; readonly taken?: number },
): TestEvent {
  const { at, session, actor, taken = 0 } = visit;
  const data =
    what === 'opened'
      ? { door: 1, signed: actor !== undefined }
      : { outcome: 'settled', taken, returned: 0, disputed: 0, elapsedMs: 5 };
  const who = actor === undefined ? {} : { actor: idFromUuid('person', actor) };
  return { kind: `session.${what}`, at, session: idFromUuid('session', session), ...who, data };
}

export function inventoryEvent(at: string, present: readonly string[], missing: readonly string[] = []): TestEvent {
  return {
    kind: 'inventory.settled',
    at,
    data: { trigger: 'session', present, doubtful: [], missing, rounds: 3, reads: 40, elapsedMs: 900 },
  };
}

export function startedEvent(at: string): TestEvent {
  return { kind: 'cabinet.started', at, data: { agentVersion: '0.1.0' } };
}

/** A hello of an agent that has sent nothing yet. */
export function helloOf({ log }: TestCabinet, boot = '00000000000000b0'): HelloMessage {
  const stream = { log, firstUnacked: 1, last: 0, chain: chainGenesis };
  const wall = '2026-01-05T06:00:00.000Z';
  return { v: 1, ...stream, boot, mono: 1, wall, agent: '0.1.0', rulebook: 0 };
}

/** What an agent says every ten seconds, at `at`. */
export function onlineState(at: string): StateMessage {
  const rest = { pending: 0, oldestPendingAt: null, rulebook: 0, doors: [], session: null, phase: 'idle', present: 0 };
  const working = { status: 'ok' as const, since: at, detail: null };
  return { v: 1, online: true, at, devices: { uhf: working, badge: working, lock: working }, ...rest };
}

export function sha256(data: Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest();
}
