import type { RetentionChange } from '@tagtrail/shared/api/retention.js';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { isLate, readChange, readChangeRow } from './read-changes.js';
import { presentRule, putRule } from './set-rule.js';

/**
 * The second person's word on a change that waits. Whoever asked may take it back, and may not approve it.
 * @throws ApiProblem `not-found`, `conflict`, `not-allowed`.
 */
export async function decideChange(
  asking: Asking,
  decision: { readonly id: string; readonly verdict: 'approve' | 'reject' },
): Promise<RetentionChange> {
  const { tx, scope, atMs } = asking;
  const { id, verdict } = decision;
  await tx.$queryRaw(sql`
    select id from retention_change where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid for update`);
  const row = await readChangeRow(tx, scope, id);
  if (row.status !== 'waiting') throw new ApiProblem('conflict', 'This change has been decided already.');
  if (isLate(row, atMs)) throw new ApiProblem('conflict', 'Nobody decided in time. Ask for the change again.');
  const isOwn = row.asked_by === scope.userId;
  if (isOwn && verdict === 'approve') {
    throw new ApiProblem('not-allowed', 'Another administrator has to approve this: whoever asked cannot.');
  }
  if (verdict === 'approve') await putRule(asking, row.rule, await presentRule(asking, row.rule));
  const status = verdict === 'approve' ? 'approved' : isOwn ? 'withdrawn' : 'rejected';
  await tx.$executeRaw(sql`
    update retention_change set status = ${status}, decided_by = ${scope.userId}::uuid, decided_at = ${new Date(atMs)}
    where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
  await recordChange(asking, {
    kind: 'retention.change_decided',
    siteId: row.rule.site,
    data: { category: row.category, outcome: status, toDays: row.rule.keep_days, action: row.rule.action },
  });
  return await readChange(tx, { scope, atMs, id });
}
