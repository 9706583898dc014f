/** What the cloud has of a stream. */
export interface StreamHead {
  readonly nextSeq: number;
  readonly chain: string;
}

export interface BatchRange {
  readonly from: number;
  readonly to: number;
  /** The chain value before `from`. */
  readonly prev: string;
  /** The chain value after each event. */
  readonly chains: readonly string[];
}

export type BatchPlan =
  /** The events from place `skip` on are new and continue the stream. */
  | { readonly kind: 'append'; readonly skip: number }
  /** All of it is here already. */
  | { readonly kind: 'duplicate' }
  /** All of its sequences are here already, further back; the chain at `seq` tells whether they are the same. */
  | { readonly kind: 'compare'; readonly seq: number; readonly chain: string }
  | { readonly kind: 'gap'; readonly expect: number }
  /** The cabinet's history and ours differ before `expect`: a restored disk image or a cloned cabinet. */
  | { readonly kind: 'fork'; readonly expect: number };

/** Where a batch stands to its stream. */
export function planBatch(head: StreamHead, batch: BatchRange): BatchPlan {
  const { nextSeq } = head;
  if (batch.from > nextSeq) return { kind: 'gap', expect: nextSeq };
  const last = nextSeq - 1;
  if (batch.to < last) {
    return { kind: 'compare', seq: batch.to, chain: batch.chains[batch.chains.length - 1] ?? batch.prev };
  }
  const overlap = nextSeq - batch.from;
  const before = overlap === 0 ? batch.prev : batch.chains[overlap - 1];
  if (before !== head.chain) return { kind: 'fork', expect: nextSeq };
  return batch.to === last ? { kind: 'duplicate' } : { kind: 'append', skip: overlap };
}

/** The time that orders an event across cabinets: never earlier than the one before in its stream, never far ahead. */
export function effectiveTime(times: {
  readonly previousMs: number | null;
  readonly occurredMs: number;
  readonly receivedMs: number;
}): number {
  const clamped = Math.min(times.occurredMs, times.receivedMs + maxAheadMs);
  return times.previousMs === null ? clamped : Math.max(times.previousMs, clamped);
}

/** A cabinet's clock may run ahead of the cloud's by this much before it is held back. */
export const maxAheadMs = 5 * 60_000;
