import type { Json } from '../chain/canonical.js';
import { chainGenesis, nextChain } from '../chain/record-chain.js';
import { idFromUuid } from '../ids.js';
import type { SealedLine } from './entry-leaf.js';
import type { ExportProblemCode } from './export-problem.js';
import type { Hashing } from './hashing.js';

/** Follows the logs of the cabinets through an export and computes their chains again. */
export interface StreamReplay {
  /** What is wrong with this entry in its log; undefined when nothing is. */
  take(line: SealedLine): { readonly code: ExportProblemCode; readonly detail: string } | undefined;
  /** Links that were computed again, and those that could not be: the record before, or the person, is gone. */
  counts(): { readonly checked: number; readonly unknown: number };
}

interface Place {
  readonly seq: number;
  readonly chain: string | null;
  readonly effectiveAt: string;
}

export function createStreamReplay(hashing: Pick<Hashing, 'sha256'>): StreamReplay {
  const last = new Map<string, Place>();
  let checked = 0;
  let unknown = 0;
  const sha256 = (data: Uint8Array): Uint8Array => hashing.sha256(data);

  return {
    take: (line) => {
      const { source, logId, seq, chain, cabinet, effectiveAt } = line;
      if (source !== 'cabinet' || logId === null || seq === null) return undefined;
      const name = `${cabinet}/${logId}`;
      const before = last.get(name);
      last.set(name, { seq, chain, effectiveAt });
      const detail = `cabinet ${cabinet}, log ${logId}, sequence ${seq}`;
      if (before !== undefined && (seq <= before.seq || effectiveAt < before.effectiveAt)) {
        return { code: 'stream_broken', detail };
      }
      const previous = seq === 1 ? chainGenesis : before?.seq === seq - 1 ? before.chain : null;
      const record = recordOf(line);
      if (previous === null || chain === null || record === undefined) {
        unknown += 1;
        return undefined;
      }
      checked += 1;
      return nextChain(sha256, previous, record) === chain ? undefined : { code: 'chain_broken', detail };
    },
    counts: () => ({ checked, unknown }),
  };
}

/** The record as the cabinet chained it; undefined when its content was set aside or is not whole any more. */
export function recordOf(line: SealedLine): Json | undefined {
  const { origin, actor, session, order } = line;
  if (line.status !== 'accepted' || origin === null || typeof origin !== 'object' || line.seq === null)
    return undefined;
  return {
    ...(origin as { readonly [name: string]: Json }),
    seq: line.seq,
    at: line.occurredAt,
    kind: line.kind,
    data: line.data,
    ...(actor === null ? {} : { actor: idFromUuid('person', actor) }),
    ...(session === null ? {} : { session: idFromUuid('session', session) }),
    ...(order === null ? {} : { order: idFromUuid('order', order) }),
  };
}
