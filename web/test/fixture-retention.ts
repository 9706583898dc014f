import {
  type LegalHold,
  type Rehearsal,
  type RetentionChange,
  type RetentionRule,
  type RetentionRun,
  rehearsal,
  rehearsals,
  retentionChangePage,
  retentionReceipt,
  retentionRules,
  retentionRunPage,
  ruleAnswer,
} from '@tagtrail/shared/api/retention.js';
import type { z } from 'zod';
import { sites } from './fixture-world.js';

/** What a made-up customer says of its retention, for looking at the screens. */

const dayMs = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const dayOf = (ms: number): string => iso(ms).slice(0, 10);
const page = (data: unknown[]) => ({ data, has_more: false, next_cursor: null });
const maria = { id: 'user_1', name: 'Maria Jensen' };
const paul = { id: 'user_2', name: 'Paul Okafor' };

function madeUpRules(now: number): RetentionRule[] {
  const rule = (over: Partial<RetentionRule>): RetentionRule => ({
    category: 'custody',
    site: null,
    keep_days: 1095,
    action: 'delete',
    source: 'default',
    reason: null,
    review_on: null,
    version: 0,
    warnings: [],
    updated_at: null,
    ...over,
  });
  const set = { updated_at: iso(now - 9 * dayMs), version: 3 };
  return [
    rule({ ...set, action: 'pseudonymise', keep_days: 1825, source: 'law', reason: 'statute' }),
    rule({ ...set, site: sites[1]?.id ?? '', keep_days: 3650, source: 'contract', reason: 'contract', version: 1 }),
    rule({ ...set, category: 'session', keep_days: 90, source: 'instruction' }),
    rule({
      category: 'inventory',
      keep_days: 30,
      source: 'instruction',
      version: 1,
      updated_at: iso(now - 90 * dayMs),
    }),
    rule({ category: 'device' }),
    rule({
      ...set,
      category: 'administration',
      keep_days: null,
      source: 'law',
      reason: 'accounting',
      review_on: dayOf(now + 200 * dayMs),
    }),
    rule({ category: 'security', keep_days: 120, source: 'instruction', warnings: ['security_short'] }),
  ];
}

function effectOf(rule: Pick<RetentionRule, 'category' | 'site' | 'action' | 'keep_days'>, now: number): Rehearsal {
  const goes = { session: 41_002, inventory: 1_204 }[rule.category as string] ?? 0;
  return {
    category: rule.category,
    site: rule.site,
    action: rule.action,
    before: rule.keep_days === null ? null : iso(now - rule.keep_days * dayMs),
    entries: goes,
    people: goes === 0 ? 0 : 38,
    held: rule.category === 'session' ? 212 : 0,
    carried: rule.category === 'session' ? 3 : 0,
    oldest: goes === 0 ? null : iso(now - 400 * dayMs),
    newest: goes === 0 ? null : iso(now - 91 * dayMs),
  };
}

function madeUpChanges(now: number): RetentionChange[] {
  const asked = { category: 'session' as const, site: null, keep_days: 30, action: 'delete' as const };
  const change = (id: string, over: Partial<RetentionChange>): RetentionChange => ({
    ...{ id, ...asked, source: 'instruction', reason: null, review_on: null, rehearsal: effectOf(asked, now) },
    ...{ asked_by: paul, asked_at: iso(now - 2 * dayMs), expires_at: iso(now + 12 * dayMs), status: 'waiting' },
    ...{ decided_by: null, decided_at: null },
    ...over,
  });
  const decided = { decided_by: paul, decided_at: iso(now - dayMs) };
  return [
    change('change_1', {}),
    change('change_2', { category: 'device', keep_days: 180, asked_by: maria }),
    change('change_3', { asked_by: maria, status: 'rejected', ...decided }),
  ];
}

export function madeUpHolds(now: number): LegalHold[] {
  const hold = (id: string, over: Partial<LegalHold>): LegalHold => ({
    ...{ id, kind: 'person', subject: { id: 'person_1', name: 'Ana Ruiz' }, from: null, to: null },
    ...{ reason: 'Inquiry 2026-07 into a lost torque wrench', review_on: dayOf(now + 60 * dayMs) },
    ...{ placed_by: maria, placed_at: iso(now - 20 * dayMs) },
    ...{ released_by: null, released_at: null, release_reason: null, review_over: false },
    ...over,
  });
  return [
    hold('hold_1', {}),
    hold('hold_2', {
      kind: 'period',
      subject: null,
      from: iso(now - 120 * dayMs),
      to: iso(now - 90 * dayMs),
      reason: 'Claim of the operator, file 88/26',
      review_on: dayOf(now - 3 * dayMs),
      review_over: true,
    }),
    hold('hold_3', { released_at: iso(now - dayMs), released_by: paul, release_reason: 'The inquiry is closed.' }),
  ];
}

function madeUpRuns(now: number): RetentionRun[] {
  const run = (id: string, over: Partial<RetentionRun>): RetentionRun => ({
    ...{ id, category: 'session', site: null, action: 'delete', before: iso(now - 91 * dayMs), entries: 4102 },
    ...{ held: 212, carried: 3, version: 3, source: 'instruction', reason: null, ran_at: iso(now - dayMs), index: 118 },
    ...over,
  });
  const old = { ran_at: iso(now - 2 * dayMs), held: 0, index: 96 };
  return [run('run_1', {}), run('run_2', { ...old, category: 'custody', action: 'pseudonymise', entries: 12 })];
}

/** What a route answers, and the schema that the answer must pass. */
export function retentionAnswer(url: URL, now: number, isChange: boolean): readonly [z.ZodType, unknown] {
  const [, , , what, id, part] = url.pathname.split('/');
  const rules = madeUpRules(now);
  const [first] = rules;
  switch (what) {
    case 'rehearsal':
      return [rehearsals, { data: rules.map((rule) => effectOf(rule, now)) }];
    case 'rehearsals':
      return [rehearsal, effectOf({ category: 'session', site: null, action: 'delete', keep_days: 30 }, now)];
    case 'changes':
      return [retentionChangePage, page(madeUpChanges(now))];
    case 'runs':
      if (part !== 'receipt') return [retentionRunPage, page(madeUpRuns(now))];
      return [retentionReceipt, { run: id, note: 'a made-up receipt, signed by nobody\n', signed_at: iso(now) }];
    default:
      return isChange ? [ruleAnswer, { status: 'set', rule: first, change: null }] : [retentionRules, { data: rules }];
  }
}
