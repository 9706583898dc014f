import { leafAt, type PreparedSeal } from '@tagtrail/shared/proof/entry-leaf.js';
import { arrayLiteral, jsonList } from './array-literal.js';
import type { AppendTarget, EntryDraft } from './entry-draft.js';
import { nodeHashing } from './hashing.js';
import { entryChannel, type TrailNotice } from './notices.js';
import { prepareSeals } from './seal-drafts.js';
import type { SqlTransaction } from './sql-transaction.js';

/** Lines column by column, ready but for their indexes and what follows from them. */
export interface PreparedInsert extends AppendTarget {
  readonly seals: readonly PreparedSeal[];
  readonly columns: Readonly<Record<Exclude<keyof EntryDraft, 'data' | 'origin'>, string>>;
  readonly json: Readonly<Record<'data' | 'origin' | 'salts' | 'commitments', string>>;
}

/** All the work for new lines that need not wait for the head of the trail. */
export function prepareInsert(target: AppendTarget, drafts: readonly EntryDraft[]): PreparedInsert {
  const seals = prepareSeals(target, drafts);
  const column = (name: keyof PreparedInsert['columns']): string => arrayLiteral(drafts.map((draft) => draft[name]));
  return {
    ...target,
    seals,
    columns: {
      occurredAt: column('occurredAt'),
      effectiveAt: column('effectiveAt'),
      kind: column('kind'),
      category: column('category'),
      source: column('source'),
      status: column('status'),
      siteId: column('siteId'),
      cabinetId: column('cabinetId'),
      actorId: column('actorId'),
      counterpartId: column('counterpartId'),
      assetId: column('assetId'),
      sessionId: column('sessionId'),
      orderId: column('orderId'),
      logId: column('logId'),
      seq: column('seq'),
      chain: column('chain'),
    },
    json: {
      data: jsonList(seals.map(({ data }) => data)),
      origin: jsonList(seals.map(({ origin }) => origin)),
      salts: jsonList(seals.map(({ salts }) => salts)),
      commitments: jsonList(seals.map(({ commitments }) => commitments)),
    },
  };
}

const leafBytes = 32;

/**
 * Writes prepared lines with the indexes from `from` on, in one statement, and tells of them once they are committed.
 * There is at least one.
 */
export async function insertEntries(
  tx: SqlTransaction,
  { tenant, recordedAt, seals, columns, json }: PreparedInsert,
  from: number,
): Promise<void> {
  const leaves = new Uint8Array(seals.length * leafBytes);
  seals.forEach((seal, place) => {
    leaves.set(leafAt(nodeHashing, seal, from + place), place * leafBytes);
  });
  const notice: TrailNotice = { tenant, from, to: from + seals.length - 1 };
  await tx.$executeRaw`/* kept */
    with appended as (
      insert into entry (tenant_id, recorded_at, index, occurred_at, effective_at, kind, category, source, status,
        site_id, cabinet_id, actor_id, counterpart_id, asset_id, session_id, order_id, log_id, seq, chain, data, origin,
        leaf, salts, commitments)
      select ${tenant}::uuid, ${recordedAt}::timestamptz, ${from}::bigint + place - 1, occurred_at, effective_at, kind,
        category, source, status, site_id, cabinet_id, actor_id, counterpart_id, asset_id, session_id, order_id, log_id,
        seq, chain, data, origin, substring(${Buffer.from(leaves.buffer)}::bytea from (place::int - 1) * 32 + 1 for 32),
        salts, commitments
      from unnest(
        ${columns.occurredAt}::timestamptz[], ${columns.effectiveAt}::timestamptz[], ${columns.kind}::text[],
        ${columns.category}::text[], ${columns.source}::text[], ${columns.status}::text[], ${columns.siteId}::uuid[],
        ${columns.cabinetId}::uuid[], ${columns.actorId}::uuid[], ${columns.counterpartId}::uuid[],
        ${columns.assetId}::uuid[], ${columns.sessionId}::uuid[], ${columns.orderId}::uuid[], ${columns.logId}::text[],
        ${columns.seq}::bigint[], ${columns.chain}::text[],
        string_to_array(${json.data}, E'\\x1f', '')::jsonb[], string_to_array(${json.origin}, E'\\x1f', '')::jsonb[],
        string_to_array(${json.salts}, E'\\x1f', '')::jsonb[],
        string_to_array(${json.commitments}, E'\\x1f', '')::jsonb[]
      ) with ordinality as draft (occurred_at, effective_at, kind, category, source, status, site_id, cabinet_id,
        actor_id, counterpart_id, asset_id, session_id, order_id, log_id, seq, chain, data, origin, salts, commitments,
        place)
    )
    select pg_notify(${entryChannel}, ${JSON.stringify(notice)})::text`;
}
