import {
  type RetentionRule,
  rehearsal,
  retentionRule,
  retentionRules,
  retentionRun,
  retentionRunPage,
  setRetentionRule,
} from '@tagtrail/shared/api/retention.js';
import { dataCategory } from '@tagtrail/shared/events/trace-event.js';
import { z } from 'zod';
import type { Api, ApiContext, Asking } from '../api/context.js';
import { decodeCursor, encodeCursor, pageOf, uuidKey } from '../api/cursor.js';
import { problems } from '../api/openapi.js';
import { listQuery, noBody, noQuery } from '../api/schemas.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { readRules } from './read-rules.js';
import { type RunRow, rehearse, rehearseRule, runRetention, runView } from './retention-run.js';

const tags = ['Retention'];
const categoryParams = z.strictObject({ category: dataCategory });
const rehearsals = z.strictObject({ data: z.array(rehearsal) });
const receipts = z.strictObject({ data: z.array(retentionRun) });

export function registerRetentionRoutes(api: Api, context: ApiContext): void {
  registerReads(api, context);
  api.put(
    '/v1/retention/rules/:category',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Set how long a category is kept and what happens then',
        description:
          'Lines whose time is over disappear from every answer at once; the daily run removes them for good.',
        tags,
        params: categoryParams,
        querystring: noQuery,
        body: setRetentionRule,
        response: { 200: retentionRule, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    (request) =>
      context.change(request, (asking) => setRule(asking, { category: request.params.category, ...request.body })),
  );
  api.post(
    '/v1/retention/rehearsals',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'What a rule would touch if it were set and ran now; changes nothing',
        tags,
        querystring: noQuery,
        body: retentionRule.omit({ updated_at: true }),
        response: { 200: rehearsal, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    (request) =>
      context.read(request, ({ tx, scope, atMs }) =>
        rehearseRule({ tx, tenantId: scope.tenantId, atMs }, request.body),
      ),
  );
  api.post(
    '/v1/retention/runs',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Run all rules now instead of at the next daily run',
        tags,
        querystring: noQuery,
        body: noBody,
        response: { 200: receipts, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    async (request) => {
      const data = await context.change(request, ({ tx, scope, atMs }) =>
        runRetention({ tx, tenantId: scope.tenantId, userId: scope.userId, atMs }, context.random),
      );
      return { data };
    },
  );
}

function registerReads(api: Api, context: ApiContext): void {
  api.get(
    '/v1/retention/rules',
    {
      schema: {
        summary: 'How long each category is kept',
        tags,
        querystring: noQuery,
        response: { 200: retentionRules, ...problems('not-signed-in') },
      },
    },
    async (request) => ({ data: await context.read(request, ({ tx, scope }) => readRules(tx, scope.tenantId)) }),
  );
  api.get(
    '/v1/retention/rehearsal',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'What the rules would touch if they ran now',
        tags,
        querystring: noQuery,
        response: { 200: rehearsals, ...problems('not-signed-in', 'not-allowed') },
      },
    },
    async (request) => ({
      data: await context.read(request, ({ tx, scope, atMs }) => rehearse({ tx, tenantId: scope.tenantId, atMs })),
    }),
  );
  api.get(
    '/v1/retention/runs',
    {
      schema: {
        summary: 'Receipts of the runs, latest first',
        tags,
        querystring: listQuery,
        response: { 200: retentionRunPage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) =>
      context.read(request, async ({ tx, scope }) => {
        const { limit, cursor } = request.query;
        const before = decodeCursor('runs', uuidKey, cursor);
        const rows = await tx.$queryRaw<RunRow[]>(sql`
          select id::text, category, action, before, entries, ran_at, index from retention_run
          where tenant_id = ${scope.tenantId}::uuid and ${before === undefined ? sql`true` : sql`id < ${before[0]}::uuid`}
          order by id desc limit ${limit + 1}`);
        return pageOf(rows, limit, { view: runView, cursor: (row) => encodeCursor('runs', [row.id]) });
      }),
  );
}

async function setRule(asking: Asking, rule: Omit<RetentionRule, 'updated_at'>): Promise<RetentionRule> {
  const { tx, scope, atMs } = asking;
  const before = (await readRules(tx, scope.tenantId)).find((known) => known.category === rule.category);
  await tx.$executeRaw(sql`
    insert into retention_rule (tenant_id, category, keep_days, action, updated_at)
    values (${scope.tenantId}::uuid, ${rule.category}, ${rule.keep_days}, ${rule.action}, ${new Date(atMs)})
    on conflict (tenant_id, category) do update
      set keep_days = excluded.keep_days, action = excluded.action, updated_at = excluded.updated_at`);
  await recordChange(asking, {
    kind: 'retention.rule_set',
    data: {
      category: rule.category,
      fromDays: before?.keep_days ?? null,
      toDays: rule.keep_days,
      action: rule.action,
    },
  });
  return { ...rule, updated_at: new Date(atMs).toISOString() };
}
