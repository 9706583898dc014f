import { canonicalJson, canonicalObject, type Json } from '../chain/canonical.js';
import { chainGenesis, nextChainOfText } from '../chain/record-chain.js';
import { idFromUuid } from '../ids.js';
import type { SealedLine } from './entry-leaf.js';
import type { ExportProblemCode } from './export-problem.js';
import type { Hashing } from './hashing.js';

/** Follows the logs of the cabinets through an export and computes their chains again. */
export interface StreamReplay {
  /**
   * What is wrong with this entry in its log; undefined when nothing is.
   * @param dataText the canonical JSON of its data.
   */
  take(line: SealedLine, dataText: string): { readonly code: ExportProblemCode; readonly detail: string } | undefined;
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
    take: (line, dataText) => {
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
      const record = recordText(line, dataText);
      if (previous === null || chain === null || record === undefined) {
        unknown += 1;
        return undefined;
      }
      checked += 1;
      return nextChainOfText(sha256, previous, record) === chain ? undefined : { code: 'chain_broken', detail };
    },
    counts: () => ({ checked, unknown }),
  };
}

/**
 * The canonical JSON of the record as the cabinet chained it; undefined when its content was set aside or is
 * not whole any more.
 */
function recordText(line: SealedLine, dataText: string): string | undefined {
  const { origin, actor, session, order } = line;
  if (line.status !== 'accepted' || origin === null || typeof origin !== 'object' || line.seq === null)
    return undefined;
  const members: Record<string, string> = Object.create(null);
  const rest = origin as { readonly [name: string]: Json };
  for (const name in rest) members[name] = canonicalJson(rest[name] as Json);
  members.seq = String(line.seq);
  members.at = JSON.stringify(line.occurredAt);
  members.kind = JSON.stringify(line.kind);
  members.data = dataText;
  if (actor !== null) members.actor = JSON.stringify(idFromUuid('person', actor));
  if (session !== null) members.session = JSON.stringify(idFromUuid('session', session));
  if (order !== null) members.order = JSON.stringify(idFromUuid('order', order));
  return canonicalObject(members);
}
