import type { newOrder, OrderView, orderChange, orderQuery } from '@tagtrail/shared/api/order.js';
import { idFromUuid, newUuid, type OrderId } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { ApiProblem, invalidReference, notFound } from '../api/problem.js';
import { referencedUuid } from '../api/request-ids.js';
import { cabinetsInScope } from '../cabinets/read-cabinets.js';
import { recordChange } from '../entries/record-change.js';
import { joinSql, type Sql, sql } from '../store/sql.js';

interface OrderRow {
  readonly id: string;
  readonly number: string;
  readonly title: string | null;
  readonly state: 'open' | 'closed';
  readonly people: { readonly id: string; readonly name: string | null }[] | null;
  /** Those of the scope; null for everywhere. */
  readonly cabinets: { readonly id: string; readonly name: string }[] | null;
  readonly created_at: Date;
  readonly closed_at: Date | null;
}

/** Work orders, newest first. They belong to the whole customer, as people do. */
export async function listOrders(asking: Asking, query: z.output<typeof orderQuery>): Promise<Page<OrderView>> {
  const before = decodeCursor('orders', uuidKey, query.cursor);
  const conditions: Sql[] = [sql`true`];
  if (before !== undefined) conditions.push(sql`o.id < ${before[0]}::uuid`);
  if (query.state !== undefined) conditions.push(sql`o.state = ${query.state}`);
  const rows = await readRows(asking, joinSql(conditions, ' and '), query.limit + 1);
  return pageOf(rows, query.limit, { view: orderView, cursor: (row) => encodeCursor('orders', [row.id]) });
}

/** @throws ApiProblem `invalid-reference` for people and cabinets who are not there, `conflict` for a number that is taken. */
export async function createOrder(
  asking: Asking,
  random: Random,
  order: z.output<typeof newOrder>,
): Promise<OrderView> {
  const { tx, scope, atMs } = asking;
  const people = order.people_ids === null ? null : await knownPeople(asking, order.people_ids);
  const cabinets = order.cabinet_ids === null ? null : await knownCabinets(asking, order.cabinet_ids);
  const id = newUuid(atMs, random);
  const made = await tx.$executeRaw(sql`
    insert into work_order (tenant_id, id, number, title, person_ids, cabinet_ids, created_at)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${order.number}, ${order.title}, ${people}::uuid[],
      ${cabinets}::uuid[], ${new Date(atMs)})
    on conflict do nothing`);
  if (made === 0) {
    throw new ApiProblem('conflict', 'There is an order with this number.', {
      errors: [{ field: 'number', problem: 'already in use' }],
    });
  }
  await recordChange(asking, { kind: 'order.created', data: { order: idFromUuid('order', id), number: order.number } });
  return await readOrder(asking, id);
}

/**
 * For whom and where it is offered. The cabinets of sites that this user may not see stay as they are.
 * @throws ApiProblem `not-found`, `conflict` when it is closed, `invalid-reference`.
 */
export async function changeOrder(
  asking: Asking,
  id: string,
  change: z.output<typeof orderChange>,
): Promise<OrderView> {
  const { tx, scope } = asking;
  const { number, state } = await readOrder(asking, id);
  const set: Sql[] = [];
  if (change.title !== undefined) set.push(sql`title = ${change.title}`);
  if (change.people_ids !== undefined) {
    const people = change.people_ids === null ? null : await knownPeople(asking, change.people_ids);
    set.push(sql`person_ids = ${people}::uuid[]`);
  }
  if (change.cabinet_ids !== undefined) {
    const cabinets = change.cabinet_ids === null ? null : await knownCabinets(asking, change.cabinet_ids);
    const unseen = sql`array(select k from unnest(cabinet_ids) as k where not exists (
      select 1 from cabinet c where c.id = k and ${cabinetsInScope(scope)}))`;
    const unseenOnly = scope.siteIds === null ? sql`${cabinets}::uuid[]` : sql`${cabinets}::uuid[] || ${unseen}`;
    set.push(sql`cabinet_ids = ${unseenOnly}`);
  }
  if (state === 'closed') throw new ApiProblem('conflict', 'This order has been closed.');
  await tx.$executeRaw(sql`
    update work_order set ${joinSql(set, ', ')} where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
  await recordChange(asking, {
    kind: 'order.changed',
    data: { order: idFromUuid('order', id) as OrderId, number, fields: Object.keys(change) },
  });
  return await readOrder(asking, id);
}

/** Cabinets offer it no more; lines that carry it keep it. @throws ApiProblem `not-found`, `conflict` when closed before. */
export async function closeOrder(asking: Asking, id: string): Promise<OrderView> {
  const { tx, scope, atMs } = asking;
  const { number } = await readOrder(asking, id);
  const closed = await tx.$executeRaw(sql`
    update work_order set state = 'closed', closed_at = ${new Date(atMs)}
    where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid and state = 'open'`);
  if (closed === 0) throw new ApiProblem('conflict', 'This order has been closed before.');
  await recordChange(asking, { kind: 'order.closed', data: { order: idFromUuid('order', id), number } });
  return await readOrder(asking, id);
}

async function knownPeople({ tx, scope }: Asking, ids: readonly string[]): Promise<string[]> {
  const people = [...new Set(ids.map((id) => referencedUuid('person', id, 'people_ids')))];
  const [found] = await tx.$queryRaw<{ count: number }[]>(sql`
    select count(*)::int as count from person
    where tenant_id = ${scope.tenantId}::uuid and id = any(${people}::uuid[])`);
  if (found?.count !== people.length) throw invalidReference('people_ids', 'person');
  return people;
}

async function knownCabinets({ tx, scope }: Asking, ids: readonly string[]): Promise<string[]> {
  const cabinets = [...new Set(ids.map((id) => referencedUuid('cabinet', id, 'cabinet_ids')))];
  const [found] = await tx.$queryRaw<{ count: number }[]>(sql`
    select count(*)::int as count from cabinet c where ${cabinetsInScope(scope)} and c.id = any(${cabinets}::uuid[])`);
  if (found?.count !== cabinets.length) throw invalidReference('cabinet_ids', 'cabinet');
  return cabinets;
}

/** @throws ApiProblem `not-found`. */
export async function readOrder(asking: Asking, id: string): Promise<OrderView> {
  const [row] = await readRows(asking, sql`o.id = ${id}::uuid`, 1);
  if (row === undefined) throw notFound('order');
  return orderView(row);
}

async function readRows({ tx, scope }: Asking, where: Sql, limit: number): Promise<OrderRow[]> {
  return await tx.$queryRaw<OrderRow[]>(sql`
    select o.id::text, o.number, o.title, o.state, o.created_at, o.closed_at,
      case when o.person_ids is not null then coalesce((
        select json_agg(json_build_object('id', p.id, 'name', p.name) order by p.id)
        from person p where p.tenant_id = o.tenant_id and p.id = any(o.person_ids)), '[]'::json) end as people,
      case when o.cabinet_ids is not null then coalesce((
        select json_agg(json_build_object('id', c.id, 'name', c.name) order by c.name)
        from cabinet c where ${cabinetsInScope(scope)} and c.id = any(o.cabinet_ids)), '[]'::json) end as cabinets
    from work_order o where o.tenant_id = ${scope.tenantId}::uuid and ${where} order by o.id desc limit ${limit}`);
}

function orderView(row: OrderRow): OrderView {
  return {
    id: idFromUuid('order', row.id),
    number: row.number,
    title: row.title,
    state: row.state,
    people: row.people?.map(({ id, name }) => ({ id: idFromUuid('person', id), name })) ?? null,
    cabinets: row.cabinets?.map(({ id, name }) => ({ id: idFromUuid('cabinet', id), name })) ?? null,
    created_at: row.created_at.toISOString(),
    closed_at: row.closed_at?.toISOString() ?? null,
  };
}
