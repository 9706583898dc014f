import type { EnrolmentCode } from '@tagtrail/shared/api/enrolment.js';
import { idFromUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Asking } from '../api/context.js';
import { readCabinet } from '../cabinets/read-cabinets.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { codeRules, newCode } from './code.js';

/**
 * A new code for a cabinet of the scope; earlier ones that nobody used end with it.
 * @throws ApiProblem `not-found`.
 */
export async function issueCode(asking: Asking, random: Random, cabinetId: string): Promise<EnrolmentCode> {
  const { tx, scope, atMs } = asking;
  const cabinet = await readCabinet(tx, scope, { id: cabinetId, atMs });
  const code = newCode(random);
  const at = new Date(atMs);
  const expiresAt = new Date(atMs + codeRules.validMs);
  await tx.$executeRaw(sql`
    update enrolment_code set expires_at = ${at}
    where tenant_id = ${scope.tenantId}::uuid and cabinet_id = ${cabinetId}::uuid and used_at is null and expires_at > ${at}`);
  await tx.$executeRaw(sql`
    insert into enrolment_code (tenant_id, handle, cabinet_id, secret_hash, issued_at, expires_at)
    values (${scope.tenantId}::uuid, ${code.handle}, ${cabinetId}::uuid, ${code.secretHash}, ${at}, ${expiresAt})`);
  await recordChange(asking, {
    kind: 'cabinet.enrolment_code_issued',
    data: { code: code.handle, expiresAt: expiresAt.toISOString() },
    siteId: uuidFromId('site', cabinet.site.id),
    cabinetId,
  });
  return { code: code.text, cabinet_id: idFromUuid('cabinet', cabinetId), expires_at: expiresAt.toISOString() };
}
