import type { Role } from '@tagtrail/shared/api/sign-in.js';

/** A list that ends here, as the server answers it. */
export const listOf = (data: readonly unknown[]): Response =>
  Response.json({ data, has_more: false, next_cursor: null });

/** Who is signed in. */
export const meAs = (role: Role): Response =>
  Response.json({
    ...{ id: 'user_1', name: 'Maria', email: 'maria@x.io', role, tenant: { id: 'tenant_1', name: 'T' }, sites: null },
  });

/** The JSON that was sent to a route, or undefined when nothing was. */
export function sentTo(asked: readonly string[], route: string): unknown {
  const line = asked.find((candidate) => candidate.startsWith(`${route} `));
  return line === undefined ? undefined : JSON.parse(line.slice(route.length + 1));
}
