import { sql, type Tx } from '../store/sql.js';

/** A place in a trail: the last index that somebody has, and its mark; -1 before the first line. */
export interface TrailPlace {
  readonly index: number;
  /** Null when it is not known. */
  readonly mark: string | null;
}

/**
 * The marks of these lines, by index; one that the trail never had has none. A mark is the beginning
 * of the line's leaf hash, in which the time of the line and fresh salts are: another line at the same
 * index, as after a restore or a failover that lost commits, has another mark. Leaves outlive their
 * lines in the tiles, so that retention does not make a place strange.
 */
export async function readMarks(tx: Tx, tenant: string, indexes: readonly number[]): Promise<Map<number, string>> {
  const rows = await tx.$queryRaw<{ index: bigint; mark: string | null }[]>(sql`
    select i.index, left(encode(coalesce(
      (select e.leaf from entry e where e.tenant_id = ${tenant}::uuid and e.index = i.index limit 1),
      (select nullif(substring(t.hashes from (32 * (i.index % 256) + 1)::int for 32), '') from tile t
        where t.tenant_id = ${tenant}::uuid and t.level = 0 and t.tile_index = i.index / 256)), 'hex'), 32) as mark
    from unnest(${[...indexes]}::bigint[]) i (index)`);
  return new Map(rows.flatMap(({ index, mark }) => (mark === null ? [] : [[Number(index), mark]])));
}

export function placeAt(marks: ReadonlyMap<number, string>, index: number): TrailPlace {
  return { index, mark: marks.get(index) ?? null };
}

/** Whether the trail that has these marks goes on from this place. Before the first line, every trail does. */
export function goesOnFrom(marks: ReadonlyMap<number, string>, { index, mark }: TrailPlace): boolean {
  return index === -1 || (mark !== null && marks.get(index) === mark);
}
