import type { FastifyInstance } from 'fastify';

export interface ListedRoute {
  readonly method: string;
  /** The pattern, such as `/v1/assets/:id`. */
  readonly url: string;
}

/** The routes as registered: what tests enumerate, and what a 405 names in its Allow header. */
export interface RouteList {
  readonly all: readonly ListedRoute[];
  methodsOf(path: string): readonly string[];
}

export function collectRoutes(app: FastifyInstance): RouteList {
  const all: ListedRoute[] = [];
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) all.push({ method, url: route.url });
  });
  return {
    all,
    methodsOf: (path) =>
      [...new Set(all.filter((route) => matches(route.url, path)).map((route) => route.method))].sort(),
  };
}

function matches(pattern: string, path: string): boolean {
  if (pattern.includes('*')) return false;
  const wanted = pattern.split('/');
  const given = path.split('/');
  return wanted.length === given.length && wanted.every((part, i) => part.startsWith(':') || part === given[i]);
}
