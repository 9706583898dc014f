import {
  rehearsal,
  rehearsalRequest,
  rehearsals,
  retentionReceipt,
  retentionRules,
  retentionRunPage,
  ruleAnswer,
  runAnswer,
  setRetentionRule,
} from '@tagtrail/shared/api/retention.js';
import { dataCategory } from '@tagtrail/shared/events/trace-event.js';
import { idFromUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import { z } from 'zod';
import type { Api, ApiContext } from '../api/context.js';
import { decodeCursor, encodeCursor, pageOf, uuidKey } from '../api/cursor.js';
import { problems } from '../api/openapi.js';
import { notFound } from '../api/problem.js';
import { idParams, listQuery, noBody, noQuery } from '../api/schemas.js';
import { sql } from '../store/sql.js';
import { readRules, ruleView } from './read-rules.js';
import { rehearse, rehearseRule } from './rehearse.js';
import { type RunRow, runRetention, runView } from './retention-run.js';
import { dropSiteRule, setRule, siteOf } from './set-rule.js';

const tags = ['Retention'];
const categoryParams = z.strictObject({ category: dataCategory });
const siteRuleQuery = z.strictObject({ site: z.string().max(80) });
const nothing = z.strictObject({});

export function registerRetentionRoutes(api: Api, context: ApiContext): void {
  registerRules(api, context);
  registerRehearsals(api, context);
  registerRuns(api, context);
}

function registerRules(api: Api, context: ApiContext): void {
  api.get(
    '/v1/retention/rules',
    {
      schema: {
        summary: 'How long each category is kept, and at which sites otherwise',
        tags,
        querystring: noQuery,
        response: { 200: retentionRules, ...problems('not-signed-in') },
      },
    },
    async (request) =>
      context.read(request, async ({ tx, scope, atMs }) => {
        const rules = await readRules(tx, scope.tenantId);
        const seen = rules.filter(
          ({ site }) => site === null || scope.siteIds === null || scope.siteIds.includes(site),
        );
        return { data: seen.map((rule) => ruleView(rule, atMs)) };
      }),
  );
  api.put(
    '/v1/retention/rules/:category',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Set how long a category is kept, and what happens then',
        description:
          'Lines whose time is over disappear from every answer at once; the daily run removes them for good. A change that ' +
          'shortens the rule by more than half, in one step or in several within 30 days, or deletes what only lost its ' +
          'names, waits for a second administrator.',
        tags,
        params: categoryParams,
        querystring: noQuery,
        body: setRetentionRule,
        response: { 200: ruleAnswer, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) =>
      context.change(request, (asking) =>
        setRule(asking, context.random, { ...request.body, category: request.params.category }),
      ),
  );
  api.delete(
    '/v1/retention/rules/:category',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Let the general rule hold for a site again',
        tags,
        params: categoryParams,
        querystring: siteRuleQuery,
        response: {
          200: nothing,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found', 'conflict'),
        },
      },
    },
    async (request) => {
      const { category } = request.params;
      await context.change(request, (asking) => dropSiteRule(asking, { category, site: request.query.site }));
      return {};
    },
  );
}

function registerRehearsals(api: Api, context: ApiContext): void {
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
  api.post(
    '/v1/retention/rehearsals',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'What a rule would touch if it were set and ran now; changes nothing',
        tags,
        querystring: noQuery,
        body: rehearsalRequest,
        response: { 200: rehearsal, ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) =>
      context.read(request, async (asking) => {
        const { tx, scope, atMs } = asking;
        const site = await siteOf(asking, request.body.site);
        return await rehearseRule({ tx, tenantId: scope.tenantId, atMs }, { ...request.body, site });
      }),
  );
}

function registerRuns(api: Api, context: ApiContext): void {
  api.post(
    '/v1/retention/runs',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Run all rules now instead of at the next daily run',
        description: 'A rule that a legal hold stops, because the hold cannot be read, is named and deletes nothing.',
        tags,
        querystring: noQuery,
        body: noBody,
        response: { 200: runAnswer, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    async (request) => {
      const { store, random, log, clock } = context;
      const { tenantId, userId } = context.signedIn(request).scope;
      const outcome = await runRetention({ store, random, log, clock, tenantId, userId, atMs: clock.wallMs() });
      return { data: [...outcome.receipts], stopped: [...outcome.stopped] };
    },
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
          select id::text, category, site_key::text, action, before, entries, held, carried, version, source, reason, ran_at, index
          from retention_run
          where tenant_id = ${scope.tenantId}::uuid and ${before === undefined ? sql`true` : sql`id < ${before[0]}::uuid`}
            and ${scope.siteIds === null ? sql`true` : sql`site_key = any(${[...scope.siteIds]}::uuid[])`}
          order by id desc limit ${limit + 1}`);
        return pageOf(rows, limit, { view: runView, cursor: (row) => encodeCursor('runs', [row.id]) });
      }),
  );
  api.get(
    '/v1/retention/runs/:id/receipt',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'The signed receipt of a run',
        description: 'A C2SP signed note by the key of the log (GET /v1/proof/keys); it verifies offline.',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 200: retentionReceipt, ...problems('not-signed-in', 'not-allowed', 'not-found') },
      },
    },
    (request) =>
      context.read(request, async ({ tx, scope }) => {
        const id = uuidFromId('run', request.params.id);
        const rows = await tx.$queryRaw<{ note: string; signed_at: Date }[]>(sql`
          select note, signed_at from retention_receipt
          where tenant_id = ${scope.tenantId}::uuid and run_id = ${id}::uuid`);
        const row = rows[0];
        if (row === undefined) throw notFound('receipt');
        return { run: idFromUuid('run', id), note: row.note, signed_at: row.signed_at.toISOString() };
      }),
  );
}
