import type { Rehearsal } from '@tagtrail/shared/api/retention.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { sql, type Tx } from '../store/sql.js';
import { readRules } from './read-rules.js';
import { everySite, expiredBeforeMs, type Rule } from './retention-rules.js';

export type RuleToRun = Pick<Rule, 'category' | 'site' | 'keep_days' | 'action'>;

/** Of whose data is asked, and when. */
export interface RehearseFor {
  readonly tx: Tx;
  readonly tenantId: string;
  readonly atMs: number;
}

/** What each rule would touch if it ran now. */
export async function rehearse(run: RehearseFor): Promise<Rehearsal[]> {
  const answers: Rehearsal[] = [];
  for (const rule of await readRules(run.tx, run.tenantId)) answers.push(await rehearseRule(run, rule));
  return answers;
}

interface Counts {
  readonly entries: number;
  readonly held: number;
  readonly people: number;
  readonly carried: number;
  readonly oldest: Date | null;
  readonly newest: Date | null;
}

/** What this rule, set or only considered, would touch if it ran now. */
export async function rehearseRule({ tx, tenantId, atMs }: RehearseFor, rule: RuleToRun): Promise<Rehearsal> {
  const beforeMs = expiredBeforeMs(rule, atMs);
  const { category, action } = rule;
  const site = rule.site === null ? null : idFromUuid('site', rule.site);
  if (beforeMs === null) {
    return {
      category,
      site,
      action,
      before: null,
      entries: 0,
      people: 0,
      held: 0,
      carried: 0,
      oldest: null,
      newest: null,
    };
  }
  const before = new Date(beforeMs);
  const rows = await tx.$queryRaw<Counts[]>(sql`
    with reach as materialized (
      select e.recorded_at, e.actor_id, e.counterpart_id, e.source, e.log_id, e.seq, entry_is_held(e) as held
      from retention_reach(${category}, ${rule.site ?? everySite}::uuid, ${action}, ${before}) e
    ), goes as (select * from reach where not held)
    select (select count(*) from goes)::int as entries, (select count(*) from reach where held)::int as held,
      (select count(*) from (select actor_id from goes where source = 'cabinet' and actor_id is not null
        union select counterpart_id from goes where counterpart_id is not null) p)::int as people,
      (select count(*) from custody c join goes g on g.log_id = c.log_id and g.seq = c.seq
        where c.tenant_id = ${tenantId}::uuid and (${action} = 'delete' or c.holder_id is not null))::int as carried,
      (select min(recorded_at) from goes) as oldest, (select max(recorded_at) from goes) as newest`);
  const row = rows[0];
  return {
    ...{ category, site, action, before: before.toISOString() },
    ...{ entries: row?.entries ?? 0, people: row?.people ?? 0, held: row?.held ?? 0, carried: row?.carried ?? 0 },
    oldest: row?.oldest?.toISOString() ?? null,
    newest: row?.newest?.toISOString() ?? null,
  };
}
