import type { Asking } from '../api/context.js';
import { sql } from '../store/sql.js';
import { everySite, type Rule, type WantedRule } from './retention-rules.js';

/** As long as a step of one administrator counts towards the next: shortening by halves is shortening by more. */
const stepsCountForMs = 30 * 86_400_000;

/**
 * What a change is held against: the present rule, with the longest time for which one person alone gave up lines
 * of this site within the last 30 days. What a second person approved counts no more.
 */
export async function latelyKept(
  { tx, scope, atMs }: Asking,
  present: Rule,
  site: WantedRule['site'],
): Promise<Pick<Rule, 'keep_days' | 'action'>> {
  const [row] = await tx.$queryRaw<{ days: number | null }[]>(sql`
    select max((e.data->>'fromDays')::int) as days from entry e
    where e.tenant_id = ${scope.tenantId}::uuid and e.category = 'administration'
      and e.recorded_at > ${new Date(atMs - stepsCountForMs)}
      and e.kind in ('retention.rule_set', 'retention.rule_dropped') and e.data->>'category' = ${present.category}
      and (e.site_id is null or e.site_id = ${site}::uuid or (${site}::uuid is null and e.kind = 'retention.rule_dropped'))
      and not exists (select from retention_change c
        where c.tenant_id = e.tenant_id and c.category = e.data->>'category' and c.status = 'approved'
          and c.decided_at >= e.recorded_at and (c.site_key = coalesce(e.site_id, ${everySite}::uuid)
            or (e.kind = 'retention.rule_dropped' and c.site_key = ${everySite}::uuid)))`);
  const days = row?.days ?? null;
  if (present.keep_days === null || days === null) return present;
  return { action: present.action, keep_days: Math.max(present.keep_days, days) };
}
