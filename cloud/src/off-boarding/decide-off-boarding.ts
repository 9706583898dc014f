import type { ApproveOffBoarding, AskOffBoarding, OffBoardingView } from '@tagtrail/shared/api/off-boarding.js';
import type { Asking } from '../api/context.js';
import { ApiProblem, notFound } from '../api/problem.js';
import { requireAllSites } from '../auth/scope.js';
import { recordChange } from '../entries/record-change.js';
import { dayOf } from '../retention/read-rules.js';
import { sql } from '../store/sql.js';
import { isLate, type OffBoardingRow, readOffBoarding, readOffBoardingRow } from './read-off-boarding.js';

const dayMs = 86_400_000;
/** How long the question waits for its second person. */
const waitsMs = 14 * dayMs;

/**
 * Asks that the customer leaves: nothing changes until another administrator has agreed.
 * @throws ApiProblem `not-allowed`; `invalid-request` for a contract that has ended before today; `conflict` while
 * there is one that waits or is agreed.
 */
export async function askOffBoarding(asking: Asking, asked: AskOffBoarding): Promise<OffBoardingView> {
  const { tx, scope, atMs } = asking;
  requireAllSites(scope);
  if (asked.contract_ends_on < dayOf(atMs)) {
    throw new ApiProblem('invalid-request', 'The last day of the contract must not lie in the past.');
  }
  const before = await lockedRow(asking);
  if (before !== undefined && isOpen(before, atMs)) {
    throw new ApiProblem('conflict', 'Somebody has asked before: decide on that first.');
  }
  const index = await recordChange(asking, {
    kind: 'customer.leaving_asked',
    data: { contractEndsOn: asked.contract_ends_on, recordDays: asked.record_days },
  });
  await tx.$executeRaw(sql`delete from off_boarding where tenant_id = ${scope.tenantId}::uuid`);
  await tx.$executeRaw(sql`
    insert into off_boarding (tenant_id, contract_ends_on, record_days, asked_by, asked_at, asked_index, expires_at)
    values (${scope.tenantId}::uuid, ${asked.contract_ends_on}::date, ${asked.record_days}, ${scope.userId}::uuid,
      ${new Date(atMs)}, ${index}, ${new Date(atMs + waitsMs)})`);
  return await shown(asking);
}

/**
 * The second administrator's word. The notice begins with it.
 * @param noticeDays what lies at least between the word and the day on which everything goes.
 * @throws ApiProblem `not-found`, `conflict`, `not-allowed` for whoever asked.
 */
export async function approveOffBoarding(
  asking: Asking,
  approval: ApproveOffBoarding & { readonly noticeDays: number },
): Promise<OffBoardingView> {
  const { tx, scope, atMs } = asking;
  const row = await openRow(asking);
  if (row.status !== 'waiting') throw new ApiProblem('conflict', 'Another administrator has agreed already.');
  if (row.asked_by === scope.userId) {
    throw new ApiProblem('not-allowed', 'Another administrator has to agree to this: whoever asked cannot.');
  }
  if (row.contract_ends_on !== approval.contract_ends_on) {
    throw new ApiProblem('conflict', `The contract was said to end on ${row.contract_ends_on}.`);
  }
  if (row.holds > 0) throw new ApiProblem('conflict', 'A legal hold stands: release it first.');
  if (row.exported_at === null && !approval.without_export) {
    throw new ApiProblem('conflict', 'Nobody has exported the whole trail since this was asked for.');
  }
  const removeAt = new Date(removeAtMs(row.contract_ends_on, atMs, approval.noticeDays));
  await recordChange(asking, {
    kind: 'customer.leaving_decided',
    data: { outcome: 'agreed', removeAt: removeAt.toISOString(), exported: row.exported_at !== null },
  });
  await tx.$executeRaw(sql`
    update off_boarding set status = 'agreed', decided_by = ${scope.userId}::uuid, decided_at = ${new Date(atMs)},
      remove_at = ${removeAt}
    where tenant_id = ${scope.tenantId}::uuid`);
  return await shown(asking);
}

/**
 * Everything stays: the second administrator does not agree, whoever asked takes it back, or anybody of them stops
 * what was agreed before its day.
 * @throws ApiProblem `not-found`, `conflict` once it has begun.
 */
export async function stopOffBoarding(asking: Asking): Promise<OffBoardingView> {
  const { tx, scope, atMs } = asking;
  const row = await openRow(asking);
  const outcome =
    row.status === 'agreed' ? 'cancelled' : row.asked_by === scope.userId ? 'withdrawn' : ('rejected' as const);
  await recordChange(asking, {
    kind: 'customer.leaving_decided',
    data: { outcome, removeAt: null, exported: row.exported_at !== null },
  });
  await tx.$executeRaw(sql`
    update off_boarding set status = ${outcome}, decided_by = ${scope.userId}::uuid, decided_at = ${new Date(atMs)}
    where tenant_id = ${scope.tenantId}::uuid`);
  return await shown(asking);
}

/** The first moment at which everything may go: the contract and the notice are over. */
export function removeAtMs(contractEndsOn: string, agreedAtMs: number, noticeDays: number): number {
  return Math.max(Date.parse(`${contractEndsOn}T00:00:00.000Z`) + dayMs, agreedAtMs + noticeDays * dayMs);
}

function isOpen(row: OffBoardingRow, atMs: number): boolean {
  return ['waiting', 'agreed', 'closing'].includes(row.status) && !isLate(row, atMs);
}

/** One that can still be decided on. */
async function openRow(asking: Asking): Promise<OffBoardingRow> {
  requireAllSites(asking.scope);
  const row = await lockedRow(asking);
  if (row === undefined) throw notFound('off-boarding');
  if (isLate(row, asking.atMs)) throw new ApiProblem('conflict', 'Nobody agreed in time. Ask for it again.');
  if (row.status === 'closing') throw new ApiProblem('conflict', 'The removal has begun.');
  if (!isOpen(row, asking.atMs)) throw new ApiProblem('conflict', 'This has been decided already.');
  return row;
}

/** Two decisions come one after the other. */
async function lockedRow({ tx, scope }: Asking): Promise<OffBoardingRow | undefined> {
  await tx.$queryRaw(sql`select 1 from tenant where id = ${scope.tenantId}::uuid for update`);
  return await readOffBoardingRow(tx, scope.tenantId);
}

async function shown(asking: Asking): Promise<OffBoardingView> {
  const view = await readOffBoarding(asking);
  if (view === null) throw notFound('off-boarding');
  return view;
}
