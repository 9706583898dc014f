import type { Scope } from '../auth/scope.js';

/**
 * The room of everybody who sees exactly the same: same customer, same sites, same view of the
 * security lines. Only the server puts a connection into a room.
 */
export function scopeRoom(scope: Scope): string {
  const sites = scope.siteIds === null ? '*' : [...scope.siteIds].sort().join(',');
  return `${scope.tenantId}/${scope.role === 'admin' ? 'admin' : 'staff'}/${sites}`;
}
