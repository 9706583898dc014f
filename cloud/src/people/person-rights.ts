import { createHmac, scrypt } from 'node:crypto';
import type { PersonRights, setLicences } from '@tagtrail/shared/api/person-rights.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import { pinNumberText } from '@tagtrail/shared/rules/rulebook.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem, notFound } from '../api/problem.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { readPerson } from './read-people.js';

/** As the cabinets compute it (RFC 7914). */
const cost = { N: 16_384, r: 8, p: 1 } as const;

/** @throws ApiProblem `not-found`. */
export async function readPersonRights(asking: Asking, personId: string): Promise<PersonRights> {
  const { tx, scope } = asking;
  await readPerson(asking, personId);
  const licences = await tx.$queryRaw<{ name: string; valid_until: Date | null }[]>(sql`
    select name, valid_until from person_licence
    where tenant_id = ${scope.tenantId}::uuid and person_id = ${personId}::uuid order by name`);
  const pins = await tx.$queryRaw<{ set_at: Date }[]>(sql`
    select set_at from person_pin where tenant_id = ${scope.tenantId}::uuid and person_id = ${personId}::uuid`);
  return {
    licences: licences.map(({ name, valid_until }) => ({ name, valid_until: valid_until?.toISOString() ?? null })),
    pin_set_at: pins[0]?.set_at.toISOString() ?? null,
  };
}

/** Puts these licences in place of those before. @throws ApiProblem `not-found`, `conflict` for a leaver. */
export async function setPersonLicences(
  asking: Asking,
  personId: string,
  { licences }: z.output<typeof setLicences>,
): Promise<PersonRights> {
  const { tx, scope } = asking;
  await readPresent(asking, personId);
  await tx.$executeRaw(sql`
    delete from person_licence where tenant_id = ${scope.tenantId}::uuid and person_id = ${personId}::uuid`);
  await tx.$executeRaw(sql`
    insert into person_licence (tenant_id, person_id, name, valid_until)
    select ${scope.tenantId}::uuid, ${personId}::uuid, name, valid_until
    from json_to_recordset(${JSON.stringify(licences)}::json) as r (name text, valid_until timestamptz)`);
  await recordChange(asking, { kind: 'person.updated', data: { fields: ['licences'] }, personId });
  return await readPersonRights(asking, personId);
}

/** @throws ApiProblem `not-found`, `conflict` while somebody else has the number. */
export async function setPersonPin(
  asking: Asking,
  random: Random,
  { personId, number, pin }: { readonly personId: string; readonly number: string; readonly pin: string },
): Promise<PersonRights> {
  const { tx, scope, atMs } = asking;
  await readPresent(asking, personId);
  const [tenant] = await tx.$queryRaw<{ badge_key: string }[]>(
    sql`select badge_key from tenant where id = ${scope.tenantId}::uuid`,
  );
  if (tenant === undefined) throw notFound('customer');
  const numberHash = createHmac('sha256', Buffer.from(tenant.badge_key, 'hex'))
    .update(pinNumberText(number))
    .digest('hex');
  const salt = Buffer.from(randomBytes(random, 16));
  const pinHash = (await pinHashOf(pin, salt)).toString('hex');
  await tx.$executeRaw(sql`
    delete from person_pin where tenant_id = ${scope.tenantId}::uuid and person_id = ${personId}::uuid`);
  const made = await tx.$executeRaw(sql`
    insert into person_pin (tenant_id, person_id, number_hash, salt, pin_hash, set_at)
    values (${scope.tenantId}::uuid, ${personId}::uuid, ${numberHash}, ${salt.toString('hex')}, ${pinHash},
      ${new Date(atMs)}) on conflict do nothing`);
  if (made === 0) {
    throw new ApiProblem('conflict', 'Somebody else has this number.', {
      errors: [{ field: 'number', problem: 'already in use' }],
    });
  }
  await recordChange(asking, { kind: 'person.updated', data: { fields: ['pin'] }, personId });
  return await readPersonRights(asking, personId);
}

/** Takes the way in without a badge away. @throws ApiProblem `not-found` also when there is none. */
export async function removePersonPin(asking: Asking, personId: string): Promise<PersonRights> {
  const { tx, scope } = asking;
  await readPerson(asking, personId);
  const removed = await tx.$executeRaw(sql`
    delete from person_pin where tenant_id = ${scope.tenantId}::uuid and person_id = ${personId}::uuid`);
  if (removed === 0) throw notFound('PIN');
  await recordChange(asking, { kind: 'person.updated', data: { fields: ['pin'] }, personId });
  return await readPersonRights(asking, personId);
}

/** @throws ApiProblem `not-found`, `conflict` for somebody who has left. */
async function readPresent(asking: Asking, personId: string): Promise<void> {
  const person = await readPerson(asking, personId);
  if (person.status === 'left') throw new ApiProblem('conflict', 'This person has left and has no rights any more.');
}

function pinHashOf(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, 32, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
