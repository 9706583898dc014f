import type { PersonView, personQuery } from '@tagtrail/shared/api/person.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { decodeCursor, encodeCursor, type Page, pageOf, uuidKey } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import { containing } from '../api/search-text.js';
import { assetJoins, assetsInScope } from '../assets/asset-row.js';
import { cabinetsInScope } from '../cabinets/read-cabinets.js';
import { readCutoffs } from '../retention/read-rules.js';
import { sessionOver } from '../retention/session-over.js';
import { joinSql, type Sql, sql } from '../store/sql.js';

export type PersonQuery = z.output<typeof personQuery>;

interface BadgeFacts {
  readonly id: string;
  readonly status: 'active' | 'lost' | 'revoked';
  readonly issued_at: string;
  readonly ends_with: string;
}

interface PersonRow {
  readonly id: string;
  readonly name: string | null;
  readonly display_name: string | null;
  readonly language: 'en' | 'fr';
  readonly status: PersonView['status'];
  readonly groups: string[];
  readonly valid_until: Date | null;
  readonly sees_holders: boolean;
  readonly badges: BadgeFacts[];
  readonly holding: number;
  readonly last_session_at: Date | null;
}

/**
 * People belong to the whole customer; what they hold and when they came is told for the scope's sites only, and when
 * they came only as long as the session is kept with its person.
 */
export async function listPeople(asking: Asking, query: PersonQuery): Promise<Page<PersonView>> {
  const before = decodeCursor('people', uuidKey, query.cursor);
  const conditions: Sql[] = [sql`true`];
  if (before !== undefined) conditions.push(sql`p.id < ${before[0]}::uuid`);
  if (query.q !== undefined && query.q.trim() !== '') {
    const like = containing(query.q);
    conditions.push(sql`(p.name ilike ${like} or p.display_name ilike ${like})`);
  }
  const rows = await readRows(asking, { where: joinSql(conditions, ' and '), limit: query.limit + 1 });
  return pageOf(rows, query.limit, { view: personView, cursor: (row) => encodeCursor('people', [row.id]) });
}

/** @throws ApiProblem `not-found` for another customer's person. */
export async function readPerson(asking: Asking, id: string): Promise<PersonView> {
  const rows = await readRows(asking, { where: sql`p.id = ${id}::uuid`, limit: 1 });
  const row = rows[0];
  if (row === undefined) throw notFound('person');
  return personView(row);
}

async function readRows({ tx, scope, atMs }: Asking, selection: { where: Sql; limit: number }): Promise<PersonRow[]> {
  const over = sessionOver(await readCutoffs(tx, scope.tenantId, atMs), {
    at: sql`coalesce(n.closed_at, n.opened_at)`,
    site: sql`c.site_id`,
  });
  return await tx.$queryRaw<PersonRow[]>(sql`
    with shown as (
      select p.* from person p where p.tenant_id = ${scope.tenantId}::uuid and ${selection.where}
      order by p.id desc limit ${selection.limit})
    select p.id::text, p.name, p.display_name, p.language, p.status, p.groups, p.valid_until,
      p.sees_holders,
      coalesce((select json_agg(json_build_object('id', b.id, 'status', b.status, 'ends_with', b.ends_with,
          'issued_at', (extract(epoch from b.issued_at) * 1000)::bigint) order by b.issued_at desc)
        from badge b where b.tenant_id = p.tenant_id and b.person_id = p.id), '[]'::json) as badges,
      (select count(*)::int from asset a ${assetJoins}
        where ${assetsInScope(scope)} and k.state = 'out' and k.holder_id = p.id) as holding,
      (select max(n.opened_at) from cabinet_session n join cabinet c on c.tenant_id = n.tenant_id and c.id = n.cabinet_id
        where ${cabinetsInScope(scope)} and n.person_id = p.id and not ${over.unnamed}) as last_session_at
    from shown p order by p.id desc`);
}

function personView(row: PersonRow): PersonView {
  return {
    id: idFromUuid('person', row.id),
    name: row.name,
    display_name: row.display_name,
    language: row.language,
    status: row.status,
    groups: row.groups,
    valid_until: row.valid_until?.toISOString() ?? null,
    sees_holders: row.sees_holders,
    badges: row.badges.map((badge) => ({
      id: idFromUuid('badge', badge.id),
      status: badge.status,
      issued_at: new Date(Number(badge.issued_at)).toISOString(),
      ends_with: badge.ends_with,
    })),
    holding: row.holding,
    last_session_at: row.last_session_at?.toISOString() ?? null,
  };
}
