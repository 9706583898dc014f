import { type Sql, sql, type Tx } from '../sql.js';

/** How a projection of a customer stands: equal digests mean equal rows, byte for byte. */
export interface ProjectionDigest {
  readonly name: string;
  readonly rows: number;
  /** SHA-256 in hex over the rows' hashes in the order of their keys. */
  readonly digest: string;
}

/**
 * Each projection with the text of a row `t` of it and the order of its rows. The states that cabinets
 * send stand in `cabinet_state` too; they are not of the trail and left out. So are sightings of what is
 * there: they say no more than no row, and whether one stands depends on how the counts were cut.
 */
const projections: readonly {
  readonly name: string;
  readonly table: Sql;
  readonly row: Sql;
  readonly key: Sql;
  readonly which?: Sql;
}[] = [
  { name: 'custody', table: sql`custody`, row: sql`t`, key: sql`t.asset_id` },
  {
    name: 'sightings',
    table: sql`sighting`,
    row: sql`t`,
    key: sql`t.asset_id, t.cabinet_id`,
    which: sql`t.missing_since is not null`,
  },
  { name: 'cabinet sessions', table: sql`cabinet_session`, row: sql`t`, key: sql`t.id` },
  {
    name: 'cabinet states',
    table: sql`cabinet_state`,
    row: sql`(t.cabinet_id, t.session_id, t.session_person_id, t.session_opened_at, t.last_session_id,
      t.last_session_person_id, t.last_session_closed_at, t.last_session_taken, t.last_session_returned, t.counted_at,
      t.present_count)`,
    key: sql`t.cabinet_id`,
  },
  { name: 'incidents', table: sql`incident`, row: sql`t`, key: sql`t.cabinet_id, t.kind, t.log_id` },
  { name: 'alarms', table: sql`alarm`, row: sql`t`, key: sql`t.kind, t.subject_id` },
  { name: 'acknowledgements', table: sql`acknowledgement`, row: sql`t`, key: sql`t.about` },
];

/** The digests of a customer's projections as the transaction sees them; `tenant` is the UUID. */
export async function projectionDigests(tx: Tx, tenant: string): Promise<readonly ProjectionDigest[]> {
  const digests: ProjectionDigest[] = [];
  for (const { name, table, row, key, which = sql`true` } of projections) {
    const found = await tx.$queryRaw<{ rows: bigint; digest: string }[]>(sql`
      select count(*) as rows, encode(sha256(coalesce(
        string_agg(sha256(convert_to((${row})::text, 'UTF8')), ''::bytea order by ${key}), ''::bytea)), 'hex') as digest
      from ${table} t where t.tenant_id = ${tenant}::uuid and ${which}`);
    digests.push({ name, rows: Number(found[0]?.rows ?? 0n), digest: found[0]?.digest ?? '' });
  }
  return digests;
}
