import { leafAt } from '@tagtrail/shared/proof/entry-leaf.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { type Batch, decodeEvents } from '../ingest/decode.js';
import { acceptedDraft, occurredMs, type PlacedEvent } from '../ingest/event-draft.js';
import { verifyBatch } from '../ingest/verify.js';
import { nodeHashing } from '../store/hashing.js';
import { prepareSeals } from '../store/seal-drafts.js';
import { freshUuid, type TestCabinet } from '../testing/test-cabinet.js';

export interface SentBatch {
  readonly cabinet: TestCabinet;
  readonly payload: Uint8Array;
}

/** Processor time of each step that needs no database, in microseconds for each event. */
export interface PartsOfIngest {
  /** JSON of a batch and its envelope. */
  readonly decode: number;
  /** Its chain and signature. */
  readonly verify: number;
  /** Each event against its schema, and the line that it becomes. */
  readonly draft: number;
  /** Salts, commitments and the leaf of the line. */
  readonly leaf: number;
}

/** Each step alone over all batches, twice; the second time counts. */
export function partsOfIngest(sent: readonly SentBatch[]): PartsOfIngest {
  const siteId = freshUuid();
  const asset = freshUuid();
  const effectiveAt = new Date(systemClock.wallMs()).toISOString();
  const batches = sent.map(({ cabinet, payload }) => ({ cabinet, payload, batch: decoded(payload) }));
  const events = batches.reduce((sum, { batch }) => sum + batch.events.length, 0);
  const draftsOf = ({ cabinet, batch }: { cabinet: TestCabinet; batch: Batch }) =>
    batch.events.map((event, place) => {
      const seq = batch.from + place;
      const read = occurredMs(event, seq);
      if (typeof read === 'string') throw new TypeError(read);
      const stream = { cabinetId: cabinet.id, siteId, logId: batch.log };
      const placed: PlacedEvent = { event, seq, chain: batch.prev, effectiveAt, stream };
      return acceptedDraft(placed, read.event, () => asset);
    });
  const drafts = batches.map(draftsOf);
  const target = { tenant: freshUuid(), recordedAt: effectiveAt };
  const us = (step: () => void): number => {
    step();
    globalThis.gc?.();
    const before = process.cpuUsage();
    step();
    const { user, system } = process.cpuUsage(before);
    return Math.round(((user + system) * 10) / events) / 10;
  };
  return {
    decode: us(() => {
      for (const { payload } of batches) decoded(payload);
    }),
    verify: us(() => {
      for (const { cabinet, batch } of batches)
        if (!verifyBatch(batch, cabinet.publicKey).ok) throw new TypeError('a batch of this run does not verify');
    }),
    draft: us(() => {
      for (const batch of batches) draftsOf(batch);
    }),
    leaf: us(() => {
      for (const lines of drafts)
        prepareSeals(target, lines).forEach((seal, index) => {
          leafAt(nodeHashing, seal, index);
        });
    }),
  };
}

function decoded(payload: Uint8Array): Batch {
  const batch = decodeEvents(payload);
  if (!batch.ok) throw new TypeError(batch.detail);
  return batch.value;
}
