import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { idFromUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Asking } from '../api/context.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { readCabinet } from './read-cabinets.js';

/** Ends the connection of a cabinet to this process, if it has one, and all that the process remembers of it. */
export type CutOff = (address: CabinetAddress) => Promise<void>;

/**
 * From the commit on nothing of the cabinet is taken, and its secret, its key and its open enrolment codes
 * open nothing. Doing it again changes nothing.
 * @throws ApiProblem `not-found` outside the scope.
 */
export async function revokeCabinet(
  asking: Asking,
  id: string,
  reason: string,
): Promise<{ readonly cabinet: CabinetView; readonly address: CabinetAddress }> {
  const { tx, scope, atMs } = asking;
  const before = await readCabinet(tx, scope, { id, atMs });
  const at = new Date(atMs);
  const changed = await tx.$executeRaw(sql`
    update cabinet set revoked_at = ${at}
    where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid and revoked_at is null`);
  if (changed > 0) {
    await tx.$executeRaw(sql`
      update enrolment_code set expires_at = ${at}
      where tenant_id = ${scope.tenantId}::uuid and cabinet_id = ${id}::uuid and used_at is null and expires_at > ${at}`);
    // Its last will comes from a cabinet that nobody believes any more: the board must not wait for it.
    await tx.$executeRaw(sql`
      update cabinet_state set online = false, left_at = null
      where tenant_id = ${scope.tenantId}::uuid and cabinet_id = ${id}::uuid`);
    await recordChange(asking, {
      kind: 'cabinet.revoked',
      data: { reason },
      siteId: uuidFromId('site', before.site.id),
      cabinetId: id,
    });
  }
  return {
    cabinet: await readCabinet(tx, scope, { id, atMs }),
    address: { tenant: idFromUuid('tenant', scope.tenantId), cabinet: idFromUuid('cabinet', id) },
  };
}
