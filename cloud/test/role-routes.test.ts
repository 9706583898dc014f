import type { Role } from '@tagtrail/shared/api/sign-in.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppFixture, caller, signedIn, startApp } from './app-fixture.js';
import { type DescribedRoute, describedRoutes } from './canary/described-routes.js';
import { aCustomer } from './sample.js';

/** Who may call what: the least role, or `anybody` who is not even signed in. Each line was decided, none is a default. */
const least: Readonly<Record<string, Role | 'anybody'>> = {
  'GET /healthz': 'anybody',
  'GET /readyz': 'anybody',
  'GET /v1/assets': 'viewer',
  'POST /v1/assets': 'manager',
  'GET /v1/assets/{id}': 'viewer',
  'PATCH /v1/assets/{id}': 'manager',
  'POST /v1/assets/{id}/loss': 'manager',
  'GET /v1/assets/{id}/rules': 'viewer',
  'POST /v1/assets/{id}/tag': 'manager',
  'GET /v1/assets/{id}/timeline': 'viewer',
  'GET /v1/attention': 'viewer',
  'POST /v1/attention/acknowledgements': 'manager',
  'GET /v1/badges/{id}/reach': 'viewer',
  'POST /v1/badges/{id}/revoke': 'manager',
  'GET /v1/cabinets': 'viewer',
  'POST /v1/cabinets': 'admin',
  'GET /v1/cabinets/{id}': 'viewer',
  'PATCH /v1/cabinets/{id}': 'admin',
  'POST /v1/cabinets/{id}/commands': 'admin',
  'GET /v1/cabinets/{id}/contents': 'viewer',
  'POST /v1/cabinets/{id}/enrolment-codes': 'admin',
  'POST /v1/cabinets/{id}/revocation': 'admin',
  'GET /v1/cabinets/{id}/sessions': 'viewer',
  'GET /v1/cabinets/{id}/timeline': 'viewer',
  'POST /v1/enrolments': 'anybody',
  'GET /v1/entries/{index}/proof': 'viewer',
  'GET /v1/events': 'viewer',
  'GET /v1/grants': 'viewer',
  'POST /v1/grants': 'manager',
  'PATCH /v1/grants/{id}': 'manager',
  'DELETE /v1/grants/{id}': 'manager',
  'GET /v1/groups': 'viewer',
  'GET /v1/holds': 'admin',
  'POST /v1/holds': 'admin',
  'POST /v1/holds/{id}/release': 'admin',
  'GET /v1/item-rules': 'viewer',
  'POST /v1/item-rules': 'admin',
  'PATCH /v1/item-rules/{id}': 'admin',
  'DELETE /v1/item-rules/{id}': 'admin',
  'GET /v1/kits': 'viewer',
  'GET /v1/kits/{id}': 'viewer',
  'PUT /v1/kits/{id}': 'manager',
  'DELETE /v1/kits/{id}': 'manager',
  'GET /v1/losses': 'viewer',
  'POST /v1/losses/{id}/confirmation': 'manager',
  'POST /v1/losses/{id}/rejection': 'manager',
  'GET /v1/me': 'viewer',
  'GET /v1/notices': 'viewer',
  'POST /v1/notices': 'admin',
  'GET /v1/off-boarding': 'admin',
  'POST /v1/off-boarding': 'admin',
  'POST /v1/off-boarding/approval': 'admin',
  'POST /v1/off-boarding/rejection': 'admin',
  'GET /v1/support-cases': 'admin',
  'GET /v1/support-cases/{id}': 'admin',
  'POST /v1/support-cases': 'admin',
  'POST /v1/support-cases/{id}/close': 'admin',
  'GET /v1/orders': 'viewer',
  'POST /v1/orders': 'manager',
  'PATCH /v1/orders/{id}': 'manager',
  'POST /v1/orders/{id}/close': 'manager',
  'GET /v1/orders/{id}/timeline': 'viewer',
  'GET /v1/overview': 'viewer',
  'GET /v1/people': 'viewer',
  'POST /v1/people': 'manager',
  'GET /v1/people/{id}': 'viewer',
  'PATCH /v1/people/{id}': 'manager',
  'POST /v1/people/{id}/badges': 'manager',
  'POST /v1/people/{id}/departure': 'manager',
  'PUT /v1/people/{id}/licences': 'manager',
  'PUT /v1/people/{id}/pin': 'manager',
  'DELETE /v1/people/{id}/pin': 'manager',
  'GET /v1/people/{id}/rights': 'viewer',
  'GET /v1/people/{id}/timeline': 'viewer',
  'GET /v1/proof/checkpoint': 'viewer',
  'GET /v1/proof/checkpoints': 'viewer',
  'GET /v1/proof/consistency': 'viewer',
  'GET /v1/proof/keys': 'viewer',
  'GET /v1/proof/tiles/{level}/{index}': 'viewer',
  'GET /v1/quarantine': 'viewer',
  'POST /v1/quarantine/{id}/adoption': 'manager',
  'POST /v1/quarantine/{id}/rejection': 'manager',
  'GET /v1/retention/changes': 'admin',
  'POST /v1/retention/changes/{id}/approve': 'admin',
  'POST /v1/retention/changes/{id}/reject': 'admin',
  'GET /v1/retention/rehearsal': 'admin',
  'POST /v1/retention/rehearsals': 'admin',
  'GET /v1/retention/rules': 'viewer',
  'PUT /v1/retention/rules/{category}': 'admin',
  'DELETE /v1/retention/rules/{category}': 'admin',
  'GET /v1/retention/runs': 'viewer',
  'POST /v1/retention/runs': 'admin',
  'GET /v1/retention/runs/{id}/receipt': 'admin',
  'GET /v1/rulebooks': 'viewer',
  'GET /v1/sessions': 'viewer',
  'GET /v1/sessions/{id}': 'viewer',
  'POST /v1/sign-in': 'anybody',
  'GET /v1/sign-ins': 'viewer',
  'DELETE /v1/sign-ins/{id}': 'viewer',
  'POST /v1/sign-out': 'viewer',
  'GET /v1/sites': 'viewer',
  'POST /v1/sites': 'admin',
  'GET /v1/sites/{id}': 'viewer',
  'GET /v1/trail/export': 'admin',
};

const rank: Readonly<Record<Role | 'anybody', number>> = { anybody: -1, viewer: 0, manager: 1, admin: 2 };
const roles = ['viewer', 'manager', 'admin'] as const;

describe('who may call what', () => {
  let fixture: AppFixture;
  let routes: readonly DescribedRoute[];
  let passwords: ReadonlyMap<string, string>;
  beforeAll(async () => {
    fixture = await startApp();
    ({ passwords } = await fixture.seed(aCustomer('Aalto')));
    routes = (await describedRoutes(fixture.app)).filter(({ method }) => method !== 'HEAD');
  });
  afterAll(async () => {
    await fixture?.close();
  });

  const nameOf = ({ method, path }: DescribedRoute): string => `${method} ${path}`;
  const enter = (role: Role) =>
    signedIn(fixture.app, `${role}@aalto.example`, passwords.get(`${role}@aalto.example`) ?? '');

  /** Without content and with ids of nothing: whether somebody may is asked before all that. */
  async function call(route: DescribedRoute, cookie: string): Promise<{ status: number; type: string }> {
    const { get, send } = caller(fixture.app, cookie);
    const url = route.path.replaceAll(/\{\w+\}/g, 'absent');
    const { status, body } = route.method === 'GET' ? await get(url) : await send(route.method as 'POST', url);
    return { status, type: String(body?.type ?? '') };
  }

  it('is decided for every route that is registered, and for no other', () => {
    // A new route: say in `least` who may call it.
    expect(routes.map(nameOf).sort()).toEqual(Object.keys(least).sort());
  });

  it.each(roles)('is held for the %s', async (role) => {
    const wrong: string[] = [];
    for (const route of routes) {
      const { cookie } = await sessionFor(role, route);
      const { status, type } = await call(route, cookie);
      const refused = status === 403 && type.endsWith('/not-allowed');
      const may = rank[role] >= rank[least[nameOf(route)] ?? 'anybody'];
      if (refused === may || status === 401) wrong.push(`${nameOf(route)}: ${status} ${type}`);
    }
    expect(wrong).toEqual([]);
  });

  const kept = new Map<Role, Awaited<ReturnType<typeof enter>>>();
  /** Signing out ends what the other calls need. */
  async function sessionFor(role: Role, { path }: DescribedRoute) {
    const found = kept.get(role);
    if (found !== undefined && path !== '/v1/sign-out') return found;
    const fresh = await enter(role);
    if (path !== '/v1/sign-out') kept.set(role, fresh);
    return fresh;
  }

  it('is nothing for nobody', async () => {
    const wrong: string[] = [];
    for (const route of routes) {
      const { status } = await call(route, '');
      if ((status === 401) !== (least[nameOf(route)] !== 'anybody')) wrong.push(`${nameOf(route)}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});
