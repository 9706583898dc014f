import { chainGenesis } from '@tagtrail/shared/chain/record-chain.js';
import type { SqlTransaction } from '../store/sql-transaction.js';

export interface StreamKey {
  /** UUID. */
  readonly cabinetId: string;
  readonly logId: string;
}

/** A locked stream; changes stay here until `saveStreams`. */
export interface LockedStream extends StreamKey {
  nextSeq: number;
  chain: string;
  effectiveMs: number | null;
  /** The cabinet was cut off: nothing more goes in. */
  readonly revoked: boolean;
  changed: boolean;
}

export function streamName({ cabinetId, logId }: StreamKey): string {
  return `${cabinetId}/${logId}`;
}

interface StreamRow {
  readonly cabinet_id: string;
  readonly log_id: string;
  readonly next_seq: bigint;
  readonly chain: string;
  readonly effective_at: Date | null;
  readonly revoked: boolean;
}

/** Locks the streams in one order for everybody; a log that is not known yet is registered. */
export async function lockStreams(
  tx: SqlTransaction,
  tenant: string,
  keys: readonly StreamKey[],
): Promise<ReadonlyMap<string, LockedStream>> {
  const wanted = JSON.stringify([...new Map(keys.map((key) => [streamName(key), key])).values()]);
  const select = () => tx.$queryRaw<StreamRow[]>`/* kept */
    select s.cabinet_id::text, s.log_id, s.next_seq, s.chain, s.effective_at, c.revoked_at is not null as revoked
    from stream s join cabinet c on c.tenant_id = s.tenant_id and c.id = s.cabinet_id join json_to_recordset(${wanted}::json) as w ("cabinetId" uuid, "logId" text)
      on s.cabinet_id = w."cabinetId" and s.log_id = w."logId"
    where s.tenant_id = ${tenant}::uuid order by s.cabinet_id, s.log_id for update of s`;
  let rows = await select();
  if (rows.length < new Set(keys.map(streamName)).size) {
    await tx.$executeRaw`
      insert into stream (tenant_id, cabinet_id, log_id, chain)
      select ${tenant}::uuid, "cabinetId", "logId", ${chainGenesis}
      from json_to_recordset(${wanted}::json) as w ("cabinetId" uuid, "logId" text)
      order by 2, 3
      on conflict do nothing`;
    rows = await select();
  }
  return new Map(
    rows.map((row) => {
      const stream: LockedStream = {
        cabinetId: row.cabinet_id,
        logId: row.log_id,
        nextSeq: Number(row.next_seq),
        chain: row.chain,
        effectiveMs: row.effective_at === null ? null : row.effective_at.getTime(),
        revoked: row.revoked,
        changed: false,
      };
      return [streamName(stream), stream];
    }),
  );
}

export async function saveStreams(
  tx: SqlTransaction,
  place: { readonly tenant: string; readonly receivedAt: string },
  streams: Iterable<LockedStream>,
): Promise<void> {
  const rows = [...streams]
    .filter((stream) => stream.changed)
    .map((stream) => ({
      cabinet_id: stream.cabinetId,
      log_id: stream.logId,
      next_seq: stream.nextSeq,
      chain: stream.chain,
      effective_at: stream.effectiveMs === null ? null : new Date(stream.effectiveMs).toISOString(),
    }));
  if (rows.length === 0) return;
  await tx.$executeRaw`/* kept */
    update stream s set next_seq = n.next_seq, chain = n.chain, effective_at = n.effective_at,
      last_received_at = ${place.receivedAt}::timestamptz
    from json_to_recordset(${JSON.stringify(rows)}::json) as n (cabinet_id uuid, log_id text, next_seq bigint,
      chain text, effective_at timestamptz)
    where s.tenant_id = ${place.tenant}::uuid and s.cabinet_id = n.cabinet_id and s.log_id = n.log_id`;
}

/** The chain value that was stored with a sequence; undefined when retention has removed the entry. */
export async function storedChain(
  tx: SqlTransaction,
  tenant: string,
  at: StreamKey & { readonly seq: number },
): Promise<string | undefined> {
  const rows = await tx.$queryRaw<{ chain: string }[]>`
    select chain from entry where tenant_id = ${tenant}::uuid and log_id = ${at.logId} and seq = ${at.seq}
      and cabinet_id = ${at.cabinetId}::uuid and source = 'cabinet' limit 1`;
  return rows[0]?.chain;
}
