import type { KitView, kitQuery } from '@tagtrail/shared/api/kit.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import { type AssetRow, assetsInScope, assetView } from '../assets/asset-row.js';
import { readAssetRows } from '../assets/read-assets.js';
import { joinSql, type Sql, sql } from '../store/sql.js';
import { kitView } from './kit-view.js';

/** Kits, newest first, each with its children. Children at sites out of the scope stay unnamed and count as unknown. */
export async function listKits(asking: Asking, query: z.output<typeof kitQuery>): Promise<Page<KitView>> {
  const wanted = query.complete === undefined ? undefined : query.complete === 'true';
  const shown: KitView[] = [];
  let cursor = query.cursor;
  // Whether a kit is complete follows from its children; few pages are read before one is full.
  for (;;) {
    const page = await readPage(asking, cursor, query.limit);
    for (const [i, kit] of page.data.entries()) {
      if (wanted !== undefined && kit.complete !== wanted) continue;
      shown.push(kit);
      if (shown.length < query.limit) continue;
      const next = page.cursors[i] ?? null;
      const more = page.has_more || i + 1 < page.data.length;
      return { data: shown, has_more: more, next_cursor: more ? next : null };
    }
    if (!page.has_more) return { data: shown, has_more: false, next_cursor: null };
    cursor = page.next_cursor ?? undefined;
  }
}

/** @throws ApiProblem `not-found` for an asset that is no kit. */
export async function readKit(asking: Asking, id: string): Promise<KitView> {
  const rows = await readAssets(asking, sql`a.id = ${id}::uuid and ${isKit}`, 1);
  const [kit] = await withChildren(asking, rows);
  if (kit === undefined) throw notFound('kit');
  return kit;
}

/** Those of the kits (UUIDs) of which it is not known that they are complete. */
export async function incompleteKits(asking: Asking, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await readAssets(asking, sql`a.id = any(${[...ids]}::uuid[]) and ${isKit}`, ids.length);
  const kits = await withChildren(asking, rows);
  return new Set(kits.flatMap(({ id, complete }) => (complete === true ? [] : [uuidFromId('asset', id)])));
}

const isKit: Sql = sql`exists (select 1 from kit_child i where i.tenant_id = a.tenant_id and i.kit_id = a.id)`;

async function readPage(
  asking: Asking,
  cursor: string | undefined,
  limit: number,
): Promise<Page<KitView> & { readonly cursors: readonly string[] }> {
  const before = decodeCursor('kits', uuidKey, cursor);
  const where = before === undefined ? isKit : joinSql([isKit, sql`a.id < ${before[0]}::uuid`], ' and ');
  const rows = await readAssets(asking, where, limit + 1);
  const page = pageOf(rows, limit, { view: (row) => row, cursor: (row) => encodeCursor('kits', [row.id]) });
  const cursors = page.data.map((row) => encodeCursor('kits', [row.id]));
  return { ...page, data: await withChildren(asking, page.data), cursors };
}

async function readAssets({ tx, scope, atMs }: Asking, where: Sql, limit: number): Promise<AssetRow[]> {
  return await readAssetRows(tx, { scope, atMs, where: sql`${assetsInScope(scope)} and ${where}`, limit });
}

async function withChildren(asking: Asking, kits: readonly AssetRow[]): Promise<KitView[]> {
  const { tx, scope, atMs } = asking;
  const ids = kits.map(({ id }) => id);
  const found = await readAssets(asking, sql`x.kit_id = any(${ids}::uuid[])`, 100_000);
  const children = found.sort((one, other) => (one.name < other.name ? -1 : 1));
  const totals = await tx.$queryRaw<{ id: string; count: number }[]>(sql`
    select kit_id::text as id, count(*)::int as count from kit_child
    where tenant_id = ${scope.tenantId}::uuid and kit_id = any(${ids}::uuid[]) group by 1`);
  const view = (row: AssetRow) => assetView(row, scope, atMs);
  return kits.map((kit) => {
    const own = children.filter((child) => child.kit_id === kit.id).map(view);
    const total = totals.find(({ id }) => id === kit.id)?.count ?? own.length;
    return kitView(view(kit), own, total - own.length);
  });
}
