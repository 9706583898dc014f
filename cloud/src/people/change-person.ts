import type { PersonView, personChange } from '@tagtrail/shared/api/person.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { readPerson } from './read-people.js';

type PersonChange = z.output<typeof personChange>;
type Decided = Pick<
  PersonView,
  'name' | 'display_name' | 'language' | 'groups' | 'status' | 'valid_until' | 'sees_holders'
>;

/**
 * What a person is called, belongs to and may see. The trail learns which fields, not what stood there.
 * @throws ApiProblem `not-found`, `conflict` when somebody who has left is to get something back.
 */
export async function changePerson(asking: Asking, id: string, change: PersonChange): Promise<PersonView> {
  const { tx, scope } = asking;
  await tx.$queryRaw(
    sql`select 1 from person where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid for update`,
  );
  const before = await readPerson(asking, id);
  if (before.status === 'left' && !isCorrection(before, change)) {
    throw new ApiProblem('conflict', 'This person has left; add them again if they are back.');
  }
  const after = withChange(before, change);
  const names = Object.keys(after) as (keyof Decided)[];
  const fields = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (fields.length === 0) return before;
  const until = after.valid_until === null ? null : new Date(after.valid_until);
  await tx.$executeRaw(sql`
    update person set name = ${after.name}, display_name = ${after.display_name}, language = ${after.language},
      groups = ${after.groups}::text[], status = ${after.status}, valid_until = ${until},
      sees_holders = ${after.sees_holders}
    where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
  await recordChange(asking, { kind: 'person.updated', data: { fields }, personId: id });
  return await readPerson(asking, id);
}

/** A wrong name may be put right for as long as there is a name. */
function isCorrection(before: PersonView, change: PersonChange): boolean {
  const corrections = ['name', 'display_name', 'language'];
  return before.name !== null && Object.keys(change).every((field) => corrections.includes(field));
}

function withChange(before: PersonView, change: PersonChange): Decided {
  const until = change.valid_until;
  return {
    name: change.name ?? before.name,
    display_name: change.display_name ?? before.display_name,
    language: change.language ?? before.language,
    groups: change.groups === undefined ? before.groups : [...new Set(change.groups)],
    status: change.status ?? before.status,
    valid_until: until === undefined ? before.valid_until : until === null ? null : new Date(until).toISOString(),
    sees_holders: change.sees_holders ?? before.sees_holders,
  };
}
