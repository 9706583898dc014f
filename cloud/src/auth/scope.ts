import type { Role } from '@tagtrail/shared/api/sign-in.js';
import { ApiProblem, notFound } from '../api/problem.js';

/**
 * On whose behalf a query runs. It is an argument of every query function: the second wall beside
 * row-level security. All ids are plain UUIDs.
 */
export interface Scope {
  readonly tenantId: string;
  readonly userId: string;
  readonly role: Role;
  /** The sites this user may see; null means all. */
  readonly siteIds: readonly string[] | null;
}

const rank: Readonly<Record<Role, number>> = { viewer: 0, manager: 1, admin: 2 };

/** @throws ApiProblem `not-allowed` when the role is lower than `least`. */
export function requireRole(scope: Scope, least: Role): void {
  if (rank[scope.role] < rank[least]) {
    throw new ApiProblem('not-allowed', `This needs the role "${least}"; yours is "${scope.role}".`);
  }
}

/** @throws ApiProblem `not-allowed` for users who see single sites only. */
export function requireAllSites(scope: Scope): void {
  if (scope.siteIds === null) return;
  throw new ApiProblem('not-allowed', 'This reaches every site; only users who see all sites decide on it.');
}

/** @throws ApiProblem `not-found` when the scope does not contain the site. */
export function requireSite(scope: Scope, siteId: string | null, what: string): void {
  if (!seesSite(scope, siteId)) throw notFound(what);
}

/** Things without a site belong to the whole customer; only those who see all sites see them. */
export function seesSite(scope: Scope, siteId: string | null): boolean {
  return scope.siteIds === null || (siteId !== null && scope.siteIds.includes(siteId));
}
