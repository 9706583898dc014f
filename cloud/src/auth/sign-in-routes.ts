import { type Me, me, signIn as signInBody, signIns } from '@tagtrail/shared/api/sign-in.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { z } from 'zod';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { notFound } from '../api/problem.js';
import { idParams, noBody, noQuery } from '../api/schemas.js';
import { referenceOf } from '../entries/entry-view.js';
import { sql, type Tx } from '../store/sql.js';
import { holds } from './authenticate.js';
import type { Scope } from './scope.js';
import { endSignIn, type SignInDeps, signIn, signOut } from './sign-in.js';

const tags = ['Signing in'];
const done = z.null();

/** Open to everybody: it is how one becomes somebody. */
export function registerSignIn(api: Api, deps: SignInDeps, perMinute: number): void {
  api.post(
    '/v1/sign-in',
    {
      config: { rateLimit: { max: perMinute, timeWindow: 60_000 } },
      schema: {
        summary: 'Sign in with e-mail and password; sets the cookie',
        tags,
        security: [],
        querystring: noQuery,
        body: signInBody,
        response: {
          200: me,
          ...problems('invalid-request', 'sign-in-refused', 'foreign-origin', 'too-many-requests', 'unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { cookies, scope } = await signIn(deps, {
        ...request.body,
        ip: request.ip,
        userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
        cookie: request.headers.cookie,
      });
      for (const cookie of cookies) void reply.header('set-cookie', cookie);
      return await deps.store.readTenant(scope.tenantId, (tx) => readMe(tx, scope));
    },
  );
}

export function registerSignInRoutes(api: Api, context: ApiContext, deps: SignInDeps): void {
  api.post(
    '/v1/sign-out',
    {
      schema: {
        summary: 'Sign out; cuts the live connections of this sign-in',
        tags,
        querystring: noQuery,
        body: noBody,
        response: { 204: done, ...problems('not-signed-in') },
      },
    },
    async (request, reply) => {
      const cookies = await signOut(deps, request.headers.cookie ?? '', context.signedIn(request));
      for (const cookie of cookies) void reply.header('set-cookie', cookie);
      return reply.code(204).send(null);
    },
  );
  api.get(
    '/v1/me',
    {
      schema: {
        summary: 'Who is signed in, and what they may see',
        tags,
        querystring: noQuery,
        response: { 200: me, ...problems('not-signed-in') },
      },
    },
    (request) => context.read(request, ({ tx, scope }) => readMe(tx, scope)),
  );
  api.get(
    '/v1/sign-ins',
    {
      schema: {
        summary: 'Where you are signed in',
        tags,
        querystring: noQuery,
        response: { 200: signIns, ...problems('not-signed-in') },
      },
    },
    async (request) => {
      const { signInId, scope } = context.signedIn(request);
      return { data: await listSignIns(deps, scope, signInId) };
    },
  );
  api.delete(
    '/v1/sign-ins/:id',
    {
      schema: {
        summary: 'End one of your sign-ins; its live connections are cut at once',
        tags,
        params: idParams,
        querystring: noQuery,
        response: { 204: done, ...problems('not-signed-in', 'not-found') },
      },
    },
    async (request, reply) => {
      const { scope } = context.signedIn(request);
      if (!(await endSignIn(deps, request.params.id, scope))) throw notFound('sign-in');
      return reply.code(204).send(null);
    },
  );
}

async function readMe(tx: Tx, scope: Scope): Promise<Me> {
  const rows = await tx.$queryRaw<{ name: string; email: string; tenant_name: string }[]>(sql`
    select u.name, u.email, t.name as tenant_name from auth_user u, tenant t
    where u.id = ${scope.userId} and t.id = ${scope.tenantId}::uuid`);
  const row = rows[0];
  if (row === undefined) throw notFound('user');
  const sites =
    scope.siteIds === null
      ? null
      : await tx.$queryRaw<{ id: string; name: string }[]>(sql`
          select id::text, name from site
          where tenant_id = ${scope.tenantId}::uuid and id = any(${[...scope.siteIds]}::uuid[]) order by name`);
  return {
    id: idFromUuid('user', scope.userId),
    name: row.name,
    email: row.email,
    role: scope.role,
    tenant: { id: idFromUuid('tenant', scope.tenantId), name: row.tenant_name },
    sites: sites === null ? null : sites.flatMap((site) => referenceOf('site', site.id, site.name) ?? []),
  };
}

interface SignInRow {
  readonly id: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
}

async function listSignIns(
  { store, clock }: SignInDeps,
  scope: Scope,
  current: string,
): Promise<z.output<typeof signIns>['data']> {
  const rows = await store.global.$queryRaw<SignInRow[]>(sql`
    select id, created_at, updated_at, ip_address, user_agent from auth_sign_in
    where user_id = ${scope.userId} order by updated_at desc limit 100`);
  const nowMs = clock.wallMs();
  return rows
    .filter((row) => holds({ createdAtMs: row.created_at.getTime(), usedAtMs: row.updated_at.getTime() }, nowMs))
    .map((row) => ({
      id: row.id,
      created_at: row.created_at.toISOString(),
      last_used_at: row.updated_at.toISOString(),
      ip: row.ip_address === '' ? null : row.ip_address,
      user_agent: row.user_agent === '' ? null : row.user_agent,
      current: row.id === current,
    }));
}
