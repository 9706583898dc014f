import type { PersonDeparture } from '@tagtrail/shared/api/person.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Asking } from '../api/context.js';
import { ApiProblem, notFound } from '../api/problem.js';
import { assetJoins, assetsInScope } from '../assets/asset-row.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { readPerson } from './read-people.js';

/**
 * A person leaves for good: badges, PIN, licences, grants, groups and places in work orders end in
 * one step, and every cabinet hears of it with its next rulebook. What the person still has out is
 * answered: somebody has to go and get it. The name stays until retention has taken the last line
 * that it explains.
 *
 * @throws ApiProblem `not-found`, `conflict` when the person has left before.
 */
export async function departPerson(
  asking: Asking,
  { personId, reason }: { readonly personId: string; readonly reason: string | null },
): Promise<PersonDeparture> {
  const { tx, scope, atMs } = asking;
  const tenant = sql`tenant_id = ${scope.tenantId}::uuid`;
  const found = await tx.$queryRaw<{ status: string }[]>(
    sql`select status from person where ${tenant} and id = ${personId}::uuid for update`,
  );
  if (found[0] === undefined) throw notFound('person');
  if (found[0].status === 'left') throw new ApiProblem('conflict', 'This person has left already.');
  await tx.$executeRaw(sql`
    update person set status = 'left', left_at = ${new Date(atMs)}, groups = '{}', sees_holders = false
    where ${tenant} and id = ${personId}::uuid`);
  const badges = await tx.$executeRaw(sql`
    update badge set status = 'revoked', ended_at = ${new Date(atMs)}
    where ${tenant} and person_id = ${personId}::uuid and status = 'active'`);
  await tx.$executeRaw(sql`delete from person_pin where ${tenant} and person_id = ${personId}::uuid`);
  await tx.$executeRaw(sql`delete from person_licence where ${tenant} and person_id = ${personId}::uuid`);
  await tx.$executeRaw(sql`delete from take_grant where ${tenant} and person_id = ${personId}::uuid`);
  await tx.$executeRaw(sql`
    update work_order set person_ids = array_remove(person_ids, ${personId}::uuid)
    where ${tenant} and person_ids @> array[${personId}::uuid]`);
  const open = await tx.$queryRaw<{ id: string; name: string; since: Date }[]>(sql`
    select a.id::text, a.name, k.since from asset a ${assetJoins}
    where ${assetsInScope(scope)} and k.state = 'out' and k.holder_id = ${personId}::uuid
    order by k.since, a.id`);
  const [all] = await tx.$queryRaw<{ holding: number }[]>(sql`
    select count(*)::int as holding from custody where ${tenant} and state = 'out' and holder_id = ${personId}::uuid`);
  const holding = all?.holding ?? 0;
  const index = await recordChange(asking, {
    kind: 'person.left',
    data: { ended: badges, holding, note: reason },
    personId,
  });
  await tx.$executeRaw(sql`
    update badge set ended_index = ${index}
    where ${tenant} and person_id = ${personId}::uuid and ended_at = ${new Date(atMs)} and ended_index is null`);
  return {
    person: await readPerson(asking, personId),
    open_items: open.map(({ id, name, since }) => ({
      asset: { id: idFromUuid('asset', id), name },
      since: since.toISOString(),
    })),
    open_elsewhere: holding - open.length,
  };
}
