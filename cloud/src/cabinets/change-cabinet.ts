import type { CabinetView, cabinetChange } from '@tagtrail/shared/api/cabinet.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { readCabinet } from './read-cabinets.js';

/** What it is called, and whether it opens to two persons only. @throws ApiProblem `not-found`. */
export async function changeCabinet(
  asking: Asking,
  id: string,
  change: z.output<typeof cabinetChange>,
): Promise<CabinetView> {
  const { tx, scope, atMs } = asking;
  await tx.$queryRaw(
    sql`select 1 from cabinet where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid for update`,
  );
  const { name, two_person_to_open = false, site } = await readCabinet(tx, scope, { id, atMs });
  const before = { name, two_person_to_open };
  const after = {
    name: change.name ?? name,
    two_person_to_open: change.two_person_to_open ?? two_person_to_open,
  };
  const names = (['name', 'two_person_to_open'] as const).filter((field) => before[field] !== after[field]);
  if (names.length > 0) {
    await tx.$executeRaw(sql`
      update cabinet set name = ${after.name}, two_person_to_open = ${after.two_person_to_open}
      where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
    await recordChange(asking, {
      kind: 'cabinet.updated',
      data: {
        change: Object.fromEntries(names.map((field) => [field, { from: before[field], to: after[field] }])),
        reason: change.reason ?? null,
      },
      cabinetId: id,
      siteId: uuidFromId('site', site.id),
    });
  }
  return await readCabinet(tx, scope, { id, atMs });
}
