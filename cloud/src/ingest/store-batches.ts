import type { Json } from '@tagtrail/shared/chain/canonical.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { takeAnnouncedKey } from '../enrolment/announced-keys.js';
import type { EntryDraft } from '../store/entry-draft.js';
import type { Store } from '../store/prisma.js';
import { foldTrail } from '../store/projections/fold.js';
import type { SqlTransaction } from '../store/sql-transaction.js';
import { appendEntries, cloudEntry } from '../store/trail.js';
import type { KnownCabinet } from './cabinet-directory.js';
import type { Batch } from './decode.js';
import { acceptedDraft, epcOf, type FindAsset, occurredMs, type PlacedEvent, quarantinedDraft } from './event-draft.js';
import { holdReported } from './hold-reported.js';
import { followLateBindings } from './late-bindings.js';
import { effectiveTime, planBatch } from './plan-batch.js';
import { quarantine, type Suspect } from './quarantine.js';
import { type LockedStream, lockStreams, saveStreams, storedChain, streamName } from './stream-rows.js';
import { setTagsAside } from './unknown-tags.js';

/** A batch whose signature holds. */
export interface VerifiedBatch {
  readonly cabinet: KnownCabinet;
  readonly batch: Batch;
  readonly chains: readonly string[];
}

export type BatchOutcome =
  | { readonly kind: 'committed'; readonly upTo: number; readonly chain: string }
  | { readonly kind: 'expect'; readonly expect: number; readonly reason: 'gap' | 'fork' }
  /** The cabinet was cut off after the batch was verified: it hears nothing. */
  | { readonly kind: 'revoked' };

/** How many events left this stage by each door; they add up to what came in. */
export interface EventCounts {
  accepted: number;
  duplicate: number;
  quarantined: number;
  /** Sent too early or from another history; they come again or never. */
  refused: number;
}

export interface StoredBatches {
  /** One for each batch, in order. */
  readonly outcomes: readonly BatchOutcome[];
  readonly counts: EventCounts;
  /** The kinds that were accepted. */
  readonly kinds: ReadonlySet<string>;
}

interface Placed {
  readonly place: PlacedEvent;
  /** The event, or what is wrong with it. */
  readonly content: TraceEvent | string;
}

/**
 * Stores batches of one customer in one transaction: locks their streams, leaves out what is here
 * already, takes the next indexes of the trail, appends, projects, commits. Nothing may be
 * acknowledged before it resolves.
 */
export async function storeBatches(
  deps: { readonly store: Store; readonly random: Random; readonly wallMs: number },
  tenant: string,
  batches: readonly VerifiedBatch[],
): Promise<StoredBatches> {
  const receivedAt = new Date(deps.wallMs).toISOString();
  return await deps.store.withTenantSql(tenant, async (tx) => {
    const streams = await lockStreams(
      tx,
      tenant,
      batches.map(({ cabinet, batch }) => ({ cabinetId: cabinet.id, logId: batch.log })),
    );
    const counts: EventCounts = { accepted: 0, duplicate: 0, quarantined: 0, refused: 0 };
    const placed: Placed[] = [];
    const suspects: Suspect[] = [];
    const outcomes: BatchOutcome[] = [];
    for (const item of batches) {
      const stream = streams.get(streamName({ cabinetId: item.cabinet.id, logId: item.batch.log }));
      if (stream === undefined) continue;
      outcomes.push(await take({ tx, tenant, item, stream, wallMs: deps.wallMs, placed, suspects, counts }));
    }
    for (const { place, content } of placed) if (typeof content === 'string') suspects.push(badContent(place, content));
    const drafts = await draftsOf(tx, tenant, placed);
    const forks = suspects.filter(({ reason }) => reason === 'fork');
    const place = { tenant, atMs: deps.wallMs, random: deps.random };
    const rest = suspects.filter(({ reason }) => reason !== 'fork');
    await quarantine(tx, place, rest);
    for (const fork of forks)
      if ((await quarantine(tx, place, [fork])) > 0) drafts.push(forkEntry(tenant, receivedAt, { fork, batches }));
    await setTagsAside(tx, place, drafts);
    const kinds = new Set(drafts.filter(({ status }) => status === 'accepted').map(({ kind }) => kind));
    for (const { place, content } of placed) {
      if (typeof content === 'string' || content.kind !== 'key.rotated') continue;
      await takeAnnouncedKey(tx, { tenant, cabinet: place.stream.cabinetId, event: content, atMs: deps.wallMs });
    }
    await saveStreams(tx, { tenant, receivedAt }, streams.values());
    // From here on the transaction runs alone for the customer.
    if (drafts.length > 0) {
      const range = await appendEntries(tx, { tenant, recordedAt: receivedAt }, drafts);
      await foldTrail(tx, { tenant, ...range, recordedAt: receivedAt }, kinds);
      await followLateBindings(tx, place, drafts);
      if (kinds.has('asset.reported')) await holdReported(tx, { tenant, ...range });
    }
    return { outcomes, counts, kinds };
  });
}

interface Taking {
  readonly tx: SqlTransaction;
  readonly tenant: string;
  readonly item: VerifiedBatch;
  readonly stream: LockedStream;
  readonly wallMs: number;
  readonly placed: Placed[];
  readonly suspects: Suspect[];
  readonly counts: EventCounts;
}

async function take(taking: Taking): Promise<BatchOutcome> {
  const { item, stream, counts } = taking;
  const size = item.batch.events.length;
  if (stream.revoked) {
    counts.refused += size;
    return { kind: 'revoked' };
  }
  const plan = planBatch(stream, { ...item.batch, chains: item.chains });
  switch (plan.kind) {
    case 'gap':
      counts.refused += size;
      return { kind: 'expect', expect: plan.expect, reason: 'gap' };
    case 'fork':
      return fork(taking, plan.expect);
    case 'compare': {
      const stored = await storedChain(taking.tx, taking.tenant, { ...stream, seq: plan.seq });
      if (stored !== undefined && stored !== plan.chain) return fork(taking, stream.nextSeq);
      counts.duplicate += size;
      break;
    }
    case 'duplicate':
      counts.duplicate += size;
      break;
    case 'append':
      counts.duplicate += plan.skip;
      for (let place = plan.skip; place < size; place++) takeEvent(taking, place);
      break;
  }
  return { kind: 'committed', upTo: stream.nextSeq - 1, chain: stream.chain };
}

function takeEvent({ item, stream, wallMs, placed, counts }: Taking, place: number): void {
  const seq = item.batch.from + place;
  const event = item.batch.events[place] as Json;
  const chain = item.chains[place] as string;
  const read = occurredMs(event, seq);
  const occurred = typeof read === 'string' ? (stream.effectiveMs ?? wallMs) : read.ms;
  const effectiveMs = effectiveTime({ previousMs: stream.effectiveMs, occurredMs: occurred, receivedMs: wallMs });
  placed.push({
    place: {
      event,
      seq,
      chain,
      effectiveAt: new Date(effectiveMs).toISOString(),
      stream: { cabinetId: stream.cabinetId, siteId: item.cabinet.siteId, logId: stream.logId },
    },
    content: typeof read === 'string' ? read : read.event,
  });
  if (typeof read === 'string') counts.quarantined++;
  else counts.accepted++;
  stream.nextSeq = seq + 1;
  stream.chain = chain;
  stream.effectiveMs = effectiveMs;
  stream.changed = true;
}

function fork({ item, counts, suspects }: Taking, expect: number): BatchOutcome {
  counts.refused += item.batch.events.length;
  suspects.push({
    cabinetId: item.cabinet.id,
    logId: item.batch.log,
    seq: item.batch.from,
    reason: 'fork',
    detail: `events ${item.batch.from} to ${item.batch.to} differ from what this cabinet sent before under the same numbers`,
    payload: JSON.stringify(item.batch.events),
  });
  return { kind: 'expect', expect, reason: 'fork' };
}

function badContent(place: PlacedEvent, detail: string): Suspect {
  return {
    cabinetId: place.stream.cabinetId,
    logId: place.stream.logId,
    seq: place.seq,
    reason: 'bad_content',
    detail,
    payload: JSON.stringify(place.event),
  };
}

/** A history that goes on differently is that of a disk which was put back, or of a second device. */
function forkEntry(
  tenant: string,
  at: string,
  { fork, batches }: { readonly fork: Suspect; readonly batches: readonly VerifiedBatch[] },
): EntryDraft {
  const siteId = batches.find(({ cabinet }) => cabinet.id === fork.cabinetId)?.cabinet.siteId ?? null;
  const data = { reason: 'two_histories' as const, log: fork.logId, detail: fork.detail.slice(0, 200) };
  return cloudEntry({ tenant, at, kind: 'cabinet.clone_suspected', data, siteId, cabinetId: fork.cabinetId });
}

async function draftsOf(tx: SqlTransaction, tenant: string, placed: readonly Placed[]): Promise<EntryDraft[]> {
  const findAsset = await assetFinder(tx, tenant, placed);
  return placed.map(({ place, content }) =>
    typeof content === 'string' ? quarantinedDraft(place, content) : acceptedDraft(place, content, findAsset),
  );
}

/** The asset that the cabinet named where there is such a one, else the one that the tag is bound to now. */
async function assetFinder(tx: SqlTransaction, tenant: string, placed: readonly Placed[]): Promise<FindAsset> {
  const named = new Set<string>();
  const epcs = new Set<string>();
  for (const { content } of placed) {
    if (typeof content === 'string') continue;
    if (content.asset !== undefined) named.add(uuidFromId('asset', content.asset));
    const epc = epcOf(content);
    if (epc !== undefined) epcs.add(epc);
  }
  if (named.size === 0 && epcs.size === 0) return () => null;
  const rows = await tx.$queryRaw<{ key: string; asset: string }[]>`/* kept */
    select id::text as key, id::text as asset from asset where tenant_id = ${tenant}::uuid and id = any(${[...named]}::uuid[])
    union all
    select epc, asset_id::text from tag_binding
      where tenant_id = ${tenant}::uuid and unbound_at is null and epc = any(${[...epcs]}::text[])`;
  const known = new Map(rows.map((row) => [row.key, row.asset]));
  return (name, epc) => known.get(name ?? '') ?? known.get(epc ?? '') ?? null;
}
