import type { newPerson, PersonView } from '@tagtrail/shared/api/person.js';
import { newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { readPerson } from './read-people.js';

/** The trail learns the pseudonym only; the name stands in the person table alone. */
export async function createPerson(
  asking: Asking,
  random: Random,
  person: z.output<typeof newPerson>,
): Promise<PersonView> {
  const { tx, scope, atMs } = asking;
  const id = newUuid(atMs, random);
  await tx.$executeRaw(sql`
    insert into person (tenant_id, id, name, display_name, language, groups, created_at)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${person.name}, ${person.display_name}, ${person.language},
      ${person.groups}::text[], ${new Date(atMs)})`);
  await recordChange(asking, { kind: 'person.created', data: {}, personId: id });
  return await readPerson(asking, id);
}
