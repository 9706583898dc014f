import type { SiteView } from '@tagtrail/shared/api/cabinet.js';
import { newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { readSite } from './read-sites.js';

export const newSite = z.strictObject({
  name: z.string().trim().min(1).max(80),
  time_zone: z.string().min(1).max(60).refine(isTimeZone, 'not an IANA time zone such as Europe/Paris'),
});
export type NewSite = z.output<typeof newSite>;

/** @throws ApiProblem `not-allowed` for a user who sees single sites only: they would not see the new one. */
export async function createSite(asking: Asking, random: Random, site: NewSite): Promise<SiteView> {
  const { tx, scope, atMs } = asking;
  if (scope.siteIds !== null) throw new ApiProblem('not-allowed', 'Only users who see all sites can add one.');
  const id = newUuid(atMs, random);
  await tx.$executeRaw(sql`
    insert into site (tenant_id, id, name, time_zone, created_at)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${site.name}, ${site.time_zone}, ${new Date(atMs)})`);
  await recordChange(asking, { kind: 'site.created', data: { name: site.name }, siteId: id });
  return await readSite(tx, scope, id);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
