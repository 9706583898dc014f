import type { PersonView } from '@tagtrail/shared/api/person.js';
import { idFromUuid, newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Asking } from '../api/context.js';
import { ApiProblem, notFound } from '../api/problem.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { badgeHash } from './badge-hash.js';
import { readPerson } from './read-people.js';

/** @throws ApiProblem `not-found`, `conflict` while the number is on an active badge. */
export async function issuePersonBadge(
  asking: Asking,
  random: Random,
  { personId, number }: { readonly personId: string; readonly number: string },
): Promise<PersonView> {
  const { tx, scope, atMs } = asking;
  if ((await readPerson(asking, personId)).status === 'left') {
    throw new ApiProblem('conflict', 'This person has left; add them again if they are back.');
  }
  const keys = await tx.$queryRaw<{ badge_key: string }[]>(
    sql`select badge_key from tenant where id = ${scope.tenantId}::uuid`,
  );
  const key = keys[0]?.badge_key;
  if (key === undefined) throw notFound('customer');
  const id = newUuid(atMs, random);
  const made = await tx.$executeRaw(sql`
    insert into badge (tenant_id, id, person_id, number_hash, ends_with, issued_at)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${personId}::uuid, ${badgeHash(key, number)},
      ${number.toUpperCase().slice(-4)}, ${new Date(atMs)})
    on conflict do nothing`);
  if (made === 0) {
    throw new ApiProblem('conflict', 'This number is on an active badge; revoke that one first.', {
      errors: [{ field: 'number', problem: 'already issued' }],
    });
  }
  await recordChange(asking, { kind: 'badge.issued', data: { badge: idFromUuid('badge', id) }, personId });
  return await readPerson(asking, personId);
}

/** @throws ApiProblem `not-found`, `conflict` when the badge has ended before. */
export async function revokePersonBadge(
  asking: Asking,
  { badgeId, reason }: { readonly badgeId: string; readonly reason: 'lost' | 'revoked' },
): Promise<PersonView> {
  const { tx, scope, atMs } = asking;
  const rows = await tx.$queryRaw<{ person_id: string; status: string }[]>(sql`
    select person_id::text, status from badge
    where tenant_id = ${scope.tenantId}::uuid and id = ${badgeId}::uuid for update`);
  const badge = rows[0];
  if (badge === undefined) throw notFound('badge');
  if (badge.status !== 'active') throw new ApiProblem('conflict', 'This badge has already ended.');
  await tx.$executeRaw(sql`
    update badge set status = ${reason}, ended_at = ${new Date(atMs)}
    where tenant_id = ${scope.tenantId}::uuid and id = ${badgeId}::uuid`);
  const index = await recordChange(asking, {
    kind: 'badge.revoked',
    data: { badge: idFromUuid('badge', badgeId), reason },
    personId: badge.person_id,
  });
  await tx.$executeRaw(sql`
    update badge set ended_index = ${index} where tenant_id = ${scope.tenantId}::uuid and id = ${badgeId}::uuid`);
  return await readPerson(asking, badge.person_id);
}
