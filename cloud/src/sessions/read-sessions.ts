import type { SessionView } from '@tagtrail/shared/api/session.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { z } from 'zod';
import { decodeCursor, encodeCursor, type Page, pageOf } from '../api/cursor.js';
import { notFound } from '../api/problem.js';
import type { Scope } from '../auth/scope.js';
import { cabinetsInScope } from '../cabinets/read-cabinets.js';
import { referenceOf } from '../entries/entry-view.js';
import { readEntries } from '../entries/read-entries.js';
import { readCutoffs } from '../retention/read-rules.js';
import { sessionOver } from '../retention/session-over.js';
import { type Sql, sql, type Tx } from '../store/sql.js';

interface SessionRow {
  readonly id: string;
  readonly cabinet_id: string;
  readonly cabinet_name: string;
  readonly person_id: string | null;
  readonly person_name: string | null;
  readonly signed: boolean;
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly outcome: SessionView['outcome'];
  readonly taken: number;
  readonly returned: number;
  readonly disputed: number;
}

export type SessionLine = Omit<SessionView, 'entries'>;

export interface SessionsRequest {
  readonly scope: Scope;
  readonly atMs: number;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** UUID; every cabinet of the scope when absent. */
  readonly cabinetId?: string | undefined;
}

/** A session can take this many lines at most; more would be a broken cabinet. */
const entriesShown = 1000;
const sessionKey = z.tuple([z.iso.datetime(), z.uuid()]);

/** Cabinet sessions, latest opening first. */
export async function listSessions(tx: Tx, request: SessionsRequest): Promise<Page<SessionLine>> {
  const before = decodeCursor('sessions', sessionKey, request.cursor);
  const older =
    before === undefined ? sql`true` : sql`(n.opened_at, n.id) < (${new Date(before[0])}, ${before[1]}::uuid)`;
  const cabinet = request.cabinetId === undefined ? sql`true` : sql`n.cabinet_id = ${request.cabinetId}::uuid`;
  const rows = await readRows(tx, request.scope, {
    atMs: request.atMs,
    where: sql`${older} and ${cabinet}`,
    limit: request.limit + 1,
  });
  return pageOf(rows, request.limit, {
    view: sessionLine,
    cursor: (row) => encodeCursor('sessions', [row.opened_at.toISOString(), row.id]),
  });
}

/** @throws ApiProblem `not-found` outside the scope. */
export async function readSession(
  tx: Tx,
  scope: Scope,
  at: { readonly id: string; readonly atMs: number },
): Promise<SessionView> {
  const rows = await readRows(tx, scope, { atMs: at.atMs, where: sql`n.id = ${at.id}::uuid`, limit: 1 });
  const row = rows[0];
  if (row === undefined) throw notFound('session');
  const entries = await readEntries(tx, {
    scope,
    atMs: at.atMs,
    anyOf: [sql`e.session_id = ${at.id}::uuid`],
    order: 'oldest first',
    limit: entriesShown,
  });
  return { ...sessionLine(row), entries };
}

/** Sessions whose time is over are left out, and people whose time is over have no name. */
async function readRows(
  tx: Tx,
  scope: Scope,
  selection: { readonly atMs: number; readonly where: Sql; readonly limit: number },
): Promise<SessionRow[]> {
  const over = sessionOver(await readCutoffs(tx, scope.tenantId, selection.atMs), {
    at: sql`coalesce(n.closed_at, n.opened_at)`,
    site: sql`c.site_id`,
  });
  return await tx.$queryRaw<SessionRow[]>(sql`
    select n.id::text, n.cabinet_id::text, c.name as cabinet_name, p.id::text as person_id, p.name as person_name,
      n.signed, n.opened_at, n.closed_at, n.outcome, n.taken, n.returned, n.disputed
    from cabinet_session n
      join cabinet c on c.tenant_id = n.tenant_id and c.id = n.cabinet_id
      left join person p on p.tenant_id = n.tenant_id and p.id = n.person_id and not ${over.unnamed}
    where ${cabinetsInScope(scope)} and not ${over.gone} and ${selection.where}
    order by n.opened_at desc, n.id desc limit ${selection.limit}`);
}

function sessionLine(row: SessionRow): SessionLine {
  return {
    id: idFromUuid('session', row.id),
    cabinet: { id: idFromUuid('cabinet', row.cabinet_id), name: row.cabinet_name },
    person: referenceOf('person', row.person_id, row.person_name),
    signed: row.signed,
    opened_at: row.opened_at.toISOString(),
    closed_at: row.closed_at?.toISOString() ?? null,
    outcome: row.outcome,
    taken: row.taken,
    returned: row.returned,
    disputed: row.disputed,
  };
}
