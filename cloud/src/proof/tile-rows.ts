import type { NodePlace } from '@tagtrail/shared/proof/proof-plan.js';
import type { Tile, TileOf } from '@tagtrail/shared/proof/tiles.js';
import { sql, type Tx } from '../store/sql.js';

/** The tiles at these places of a customer's tree, as a look-up. */
export async function readTiles(tx: Tx, tenant: string, places: readonly NodePlace[]): Promise<TileOf> {
  const wanted = new Map(places.map((place) => [`${place.level}/${place.index}`, place]));
  const tiles = new Map<string, Uint8Array>();
  if (wanted.size > 0) {
    const levels = [...wanted.values()].map(({ level }) => level);
    const indexes = [...wanted.values()].map(({ index }) => index);
    const rows = await tx.$queryRaw<{ level: number; tile_index: bigint; hashes: Uint8Array }[]>(sql`
      select t.level, t.tile_index, t.hashes from tile t
      join unnest(${levels}::int[], ${indexes}::bigint[]) as w (level, tile_index) using (level, tile_index)
      where t.tenant_id = ${tenant}::uuid`);
    for (const row of rows) tiles.set(`${row.level}/${row.tile_index}`, row.hashes);
  }
  return (level, index) => tiles.get(`${level}/${index}`);
}

export async function writeTiles(tx: Tx, tenant: string, tiles: readonly Tile[]): Promise<void> {
  if (tiles.length === 0) return;
  const rows = tiles.map(({ level, index, hashes }) => ({
    level,
    tile_index: index,
    hashes: Buffer.from(hashes).toString('base64'),
  }));
  await tx.$executeRaw(sql`
    insert into tile (tenant_id, level, tile_index, hashes)
    select ${tenant}::uuid, level, tile_index, decode(hashes, 'base64')
    from json_to_recordset(${JSON.stringify(rows)}::json) as t (level int, tile_index bigint, hashes text)
    on conflict (tenant_id, level, tile_index) do update set hashes = excluded.hashes`);
}
