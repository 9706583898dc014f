import type { RetentionRule, RuleAnswer, SetRetentionRule } from '@tagtrail/shared/api/retention.js';
import type { DataCategory } from '@tagtrail/shared/events/trace-event.js';
import { newUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { needsSecondPerson, type RuleProblem, ruleProblem } from '@tagtrail/shared/retention/rule-checks.js';
import type { Asking } from '../api/context.js';
import { ApiProblem, notFound } from '../api/problem.js';
import { requireSite } from '../auth/scope.js';
import { recordChange } from '../entries/record-change.js';
import { readSite } from '../sites/read-sites.js';
import { sql } from '../store/sql.js';
import { latelyKept } from './lately-kept.js';
import { readChange } from './read-changes.js';
import { dayOf, readRules, ruleView } from './read-rules.js';
import { rehearseRule } from './rehearse.js';
import { defaultRule, everySite, type Rule, type WantedRule } from './retention-rules.js';

/** How long a change waits for its second person. */
const waitsMs = 14 * 86_400_000;

const problemTexts: Readonly<Record<RuleProblem, string>> = {
  reason_missing: 'Keeping for ever needs a reason: accounting, statute, dispute, claim or contract.',
  review_missing: 'Keeping for ever needs a date on which somebody looks at it again.',
  security_reason_missing: 'Keeping the security log for longer than 365 days needs a reason.',
  review_past: 'The date to look again must lie ahead.',
};

/**
 * Sets a rule, or lets it wait for a second administrator when it shortens what held within the last 30 days by more
 * than half.
 * @throws ApiProblem `invalid-request`, `not-allowed`, `not-found`.
 */
export async function setRule(
  asking: Asking,
  random: Random,
  asked: SetRetentionRule & { readonly category: DataCategory },
): Promise<RuleAnswer> {
  const { tx, scope, atMs } = asking;
  const rule: WantedRule = { ...asked, site: await siteOf(asking, asked.site) };
  const problem = ruleProblem(rule, dayOf(atMs));
  if (problem !== null) throw new ApiProblem('invalid-request', problemTexts[problem]);
  const before = await presentRule(asking, rule);
  if (!needsSecondPerson(await latelyKept(asking, before, rule.site), rule))
    return { status: 'set', rule: await putRule(asking, rule, before), change: null };
  const { tenantId, userId } = scope;
  const counted = await rehearseRule({ tx, tenantId, atMs }, rule);
  const id = newUuid(atMs, random);
  const siteKey = rule.site ?? everySite;
  // A newer wish takes the place of one that still waits.
  await tx.$executeRaw(sql`
    update retention_change set status = 'withdrawn', decided_by = ${userId}::uuid, decided_at = ${new Date(atMs)}
    where tenant_id = ${tenantId}::uuid and category = ${rule.category} and site_key = ${siteKey}::uuid and status = 'waiting'`);
  await tx.$executeRaw(sql`
    insert into retention_change (tenant_id, id, category, site_key, rule, rehearsal, asked_by, asked_at, expires_at)
    values (${tenantId}::uuid, ${id}::uuid, ${rule.category}, ${siteKey}::uuid, ${JSON.stringify(rule)}::jsonb,
      ${JSON.stringify(counted)}::jsonb, ${userId}::uuid, ${new Date(atMs)}, ${new Date(atMs + waitsMs)})`);
  await recordChange(asking, {
    kind: 'retention.change_asked',
    siteId: rule.site,
    data: {
      category: rule.category,
      fromDays: before.keep_days,
      toDays: rule.keep_days,
      action: rule.action,
      entries: counted.entries,
    },
  });
  return { status: 'waiting', rule: ruleView(before, atMs), change: await readChange(tx, { scope, atMs, id }) };
}

/** The rule that this one would take the place of. */
export async function presentRule({ tx, scope }: Asking, rule: Pick<WantedRule, 'category' | 'site'>): Promise<Rule> {
  const rules = (await readRules(tx, scope.tenantId)).filter(({ category }) => category === rule.category);
  const general = rules.find(({ site }) => site === null) ?? defaultRule(rule.category);
  return rules.find(({ site }) => site === rule.site) ?? general;
}

/** Writes the rule and its line in the trail. */
export async function putRule(asking: Asking, rule: WantedRule, before: Rule): Promise<RetentionRule> {
  const { tx, scope, atMs } = asking;
  const { category, site, keep_days, action, source, reason, review_on } = rule;
  const rows = await tx.$queryRaw<{ version: number }[]>(sql`
    insert into retention_rule as r (tenant_id, category, site_key, keep_days, action, source, reason, review_on, version,
      updated_at)
    values (${scope.tenantId}::uuid, ${category}, ${site ?? everySite}::uuid, ${keep_days}, ${action}, ${source}, ${reason},
      ${review_on}::date, 1, ${new Date(atMs)})
    on conflict (tenant_id, category, site_key) do update set keep_days = excluded.keep_days, action = excluded.action,
      source = excluded.source, reason = excluded.reason, review_on = excluded.review_on, version = r.version + 1,
      updated_at = excluded.updated_at
    returning version`);
  const version = rows[0]?.version ?? 1;
  await recordChange(asking, {
    kind: 'retention.rule_set',
    siteId: site,
    data: {
      category,
      fromDays: before.keep_days,
      toDays: keep_days,
      action,
      source,
      reason,
      reviewOn: review_on,
      version,
    },
  });
  return ruleView({ ...rule, version, updated_at: new Date(atMs).toISOString() }, atMs);
}

/**
 * Takes away the rule of a site, so that the general one holds for it again.
 * @throws ApiProblem `not-found`; `conflict` where that shortens by more than half: set the site's rule instead.
 */
export async function dropSiteRule(
  asking: Asking,
  asked: { readonly category: DataCategory; readonly site: string },
): Promise<void> {
  const { tx, scope } = asking;
  const site = await siteOf(asking, asked.site);
  const before = await presentRule(asking, { category: asked.category, site });
  if (site === null || before.site === null) throw notFound('rule');
  const general = await presentRule(asking, { category: asked.category, site: null });
  if (needsSecondPerson(await latelyKept(asking, before, site), general)) {
    throw new ApiProblem(
      'conflict',
      'Without its rule the site would keep less than half as long as within the last 30 days. Shorten the rule of the site first; that takes a second administrator.',
    );
  }
  await tx.$executeRaw(sql`
    delete from retention_rule
    where tenant_id = ${scope.tenantId}::uuid and category = ${asked.category} and site_key = ${site}::uuid`);
  await recordChange(asking, {
    kind: 'retention.rule_dropped',
    siteId: site,
    data: { category: asked.category, fromDays: before.keep_days, toDays: general.keep_days },
  });
}

/** The site of a request as a UUID. Rules for all sites are for those who see all sites. */
export async function siteOf({ tx, scope }: Pick<Asking, 'tx' | 'scope'>, id: string | null): Promise<string | null> {
  if (id === null) {
    if (scope.siteIds !== null)
      throw new ApiProblem('not-allowed', 'Only users who see all sites can decide for all of them.');
    return null;
  }
  const site = uuidFromId('site', id);
  requireSite(scope, site, 'site');
  await readSite(tx, scope, site);
  return site;
}
