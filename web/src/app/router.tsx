import { assetState } from '@tagtrail/shared/api/asset.js';
import { isAppError } from '@tagtrail/shared/error.js';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { z } from 'zod';
import { NotFoundPage, NowherePage, PageFault } from './not-found-page.js';
import type { Services } from './services.js';
import { Shell } from './shell.js';

export interface RouterContext {
  readonly services: Services;
  readonly queries: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NowherePage });

const signInSearch = z.object({
  to: z.string().optional().catch(undefined),
  ended: z.boolean().optional().catch(undefined),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search) => signInSearch.parse(search),
  component: lazyRouteComponent(() => import('../views/sign-in-page.js'), 'SignInPage'),
});

/** For whoever holds an export, signed in or not: it asks no server. */
const verify = createRoute({
  getParentRoute: () => root,
  path: '/verify',
  component: lazyRouteComponent(() => import('../views/verify-page.js'), 'VerifyPage'),
});

/** Everything behind the sign-in. Who is signed in is asked once; a dead network still opens the frame. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: PageFault,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData({ queryKey: ['me'], queryFn: context.services.api.me });
    } catch (error) {
      if (isAppError(error, 'api.signed_out')) {
        throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
      }
    }
  },
});

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('../views/home-page.js'), 'HomePage'),
});

export const cabinetsSearch = z.object({ only: z.enum(['silent', 'faulty', 'behind']).optional().catch(undefined) });
const cabinets = createRoute({
  getParentRoute: () => inside,
  path: '/cabinets',
  validateSearch: (search) => cabinetsSearch.parse(search),
  component: lazyRouteComponent(() => import('../views/cabinets-page.js'), 'CabinetsPage'),
});
const cabinet = createRoute({
  getParentRoute: () => inside,
  path: '/cabinets/$cabinetId',
  component: lazyRouteComponent(() => import('../views/cabinet-page.js'), 'CabinetPage'),
});

export const assetsSearch = z.object({
  q: z.string().optional().catch(undefined),
  state: assetState.optional().catch(undefined),
  site: z.string().optional().catch(undefined),
  cabinet: z.string().optional().catch(undefined),
  /** The tool whose side panel is open. */
  open: z.string().optional().catch(undefined),
});
const assets = createRoute({
  getParentRoute: () => inside,
  path: '/assets',
  validateSearch: (search) => assetsSearch.parse(search),
  component: lazyRouteComponent(() => import('../views/assets-page.js'), 'AssetsPage'),
});
const asset = createRoute({
  getParentRoute: () => inside,
  path: '/assets/$assetId',
  component: lazyRouteComponent(() => import('../views/asset-page.js'), 'AssetPage'),
});

export const peopleSearch = z.object({ q: z.string().optional().catch(undefined) });
const people = createRoute({
  getParentRoute: () => inside,
  path: '/people',
  validateSearch: (search) => peopleSearch.parse(search),
  component: lazyRouteComponent(() => import('../views/people-page.js'), 'PeoplePage'),
});
const person = createRoute({
  getParentRoute: () => inside,
  path: '/people/$personId',
  component: lazyRouteComponent(() => import('../views/person-page.js'), 'PersonPage'),
});
const attentionSearch = z.object({ state: z.literal('acknowledged').optional().catch(undefined) });
const attention = createRoute({
  getParentRoute: () => inside,
  path: '/attention',
  validateSearch: (search) => attentionSearch.parse(search),
  component: lazyRouteComponent(() => import('../views/attention/attention-page.js'), 'AttentionPage'),
});
const ordersSearch = z.object({ state: z.literal('closed').optional().catch(undefined) });
const orders = createRoute({
  getParentRoute: () => inside,
  path: '/orders',
  validateSearch: (search) => ordersSearch.parse(search),
  component: lazyRouteComponent(() => import('../views/orders/orders-page.js'), 'OrdersPage'),
});
const kits = createRoute({
  getParentRoute: () => inside,
  path: '/kits',
  component: lazyRouteComponent(() => import('../views/kits/kits-page.js'), 'KitsPage'),
});
const session = createRoute({
  getParentRoute: () => inside,
  path: '/sessions/$sessionId',
  component: lazyRouteComponent(() => import('../views/session-page.js'), 'SessionPage'),
});
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('../views/settings-page.js'), 'SettingsPage'),
});

const tree = root.addChildren([
  signIn,
  verify,
  inside.addChildren([
    home,
    attention,
    cabinets,
    cabinet,
    assets,
    asset,
    kits,
    people,
    person,
    orders,
    session,
    settings,
  ]),
]);

export function buildRouter(context: RouterContext) {
  return createRouter({
    routeTree: tree,
    context,
    defaultPreload: 'intent',
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: PageFault,
    scrollRestoration: true,
  });
}
export type AppRouter = ReturnType<typeof buildRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
