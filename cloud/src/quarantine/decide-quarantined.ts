import type { QuarantineView } from '@tagtrail/shared/api/quarantine.js';
import { idFromUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import { requireRole } from '../auth/scope.js';
import { createCabinet } from '../cabinets/create-cabinet.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { type Adoption, adoptTag } from './adopt-tag.js';
import { type QuarantineRow, quarantineView, readQuarantined } from './read-quarantine.js';

/**
 * What a person takes over: a tag with all that was recorded of it since it was first seen, or the
 * word of a bad event. The event itself stays set aside; `id` is the UUID.
 * @throws ApiProblem `not-found`, `not-allowed`, `invalid-request`, `invalid-reference`, `conflict` when it
 * is decided already or can be adopted by nobody.
 */
export async function adoptQuarantinedRow(
  asking: Asking,
  random: Random,
  { id, adoption }: { readonly id: string; readonly adoption: Adoption },
): Promise<QuarantineView> {
  const row = await openRow(asking, id);
  requireAdoptable(row, adoption);
  const siteId = await adoptCabinet(asking, random, { row, adoption });
  const assetId = row.epc === null ? null : await adoptTag(asking, random, { epc: row.epc, adoption });
  const note = adoption.note ?? null;
  await decide(asking, { id, state: 'adopted', assetId, note });
  await recordChange(asking, {
    kind: 'quarantine.adopted',
    data: { ...about(row), since: row.at.toISOString(), note },
    ...placeOf(row),
    ...(siteId === null ? {} : { siteId }),
    assetId,
  });
  return quarantineView(await readQuarantined(asking.tx, asking.scope, id));
}

/**
 * Makes the cabinet known under the id that it has; answers its site (UUID). Nobody gets the credentials
 * that are made here: it is let in once it has enrolled with a code.
 */
async function adoptCabinet(
  asking: Asking,
  random: Random,
  { row, adoption }: { readonly row: QuarantineRow; readonly adoption: Adoption },
): Promise<string | null> {
  if (row.reason !== 'unknown_cabinet' || row.cabinet_id === null || adoption.new_cabinet === undefined) return null;
  const made = { random, mqttUrl: '', cloudKey: '', cabinet: adoption.new_cabinet, id: row.cabinet_id };
  const { cabinet } = await createCabinet(asking, made);
  return uuidFromId('site', cabinet.site.id);
}

/** @throws ApiProblem `not-found`, `not-allowed`, `conflict` when it is decided already. */
export async function rejectQuarantinedRow(
  asking: Asking,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<QuarantineView> {
  const row = await openRow(asking, id);
  await decide(asking, { id, state: 'rejected', assetId: null, note: reason });
  await recordChange(asking, {
    kind: 'quarantine.rejected',
    data: { ...about(row), because: reason },
    ...placeOf(row),
  });
  return quarantineView(await readQuarantined(asking.tx, asking.scope, id));
}

/** The row, locked, for whoever may decide on it: a manager on tags, an administrator on all else. */
async function openRow({ tx, scope }: Asking, id: string): Promise<QuarantineRow> {
  await tx.$queryRaw(
    sql`select 1 from quarantine where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid for update`,
  );
  const row = await readQuarantined(tx, scope, id);
  if (row.reason !== 'unknown_tag') requireRole(scope, 'admin');
  if (row.state !== 'open') throw new ApiProblem('conflict', `This has been ${row.state} already.`);
  return row;
}

/** What has no good proof of its origin is nobody's to believe; what to do instead, by reason. */
const remedies: Readonly<Record<string, string>> = {
  bad_signature: 'It is not signed by the key of this cabinet. Reject it, and enrol the cabinet again.',
  fork: 'The cabinet has a history that differs from the one recorded here. Reject it, and enrol the cabinet again.',
  forbidden: 'The cabinet may not send there. Reject it, and enrol the cabinet again if it is yours.',
};

function requireAdoptable(row: QuarantineRow, adoption: Adoption): void {
  const targets = [adoption.asset_id, adoption.new_asset].filter((target) => target !== undefined).length;
  if (row.epc !== null) {
    if (targets === 1 && adoption.new_cabinet === undefined) return;
    throw invalid('asset_id', 'Say which asset the tag is on: either "asset_id" or "new_asset".');
  }
  if (row.reason === 'unknown_cabinet') {
    if (adoption.new_cabinet !== undefined && targets === 0) return;
    throw invalid('new_cabinet', 'Say in "new_cabinet" what the cabinet is called and at which site it stands.');
  }
  if (adoption.new_cabinet !== undefined) throw invalid('new_cabinet', 'This is no cabinet that is not known.');
  if (row.reason !== 'bad_content') {
    const remedy = remedies[row.reason] ?? 'Nobody can read what it says. Reject it, and look at the cabinet.';
    throw new ApiProblem('conflict', `This cannot be adopted. ${remedy}`);
  }
  if (targets > 0) throw invalid('asset_id', 'Only a tag is adopted into an asset.');
  if (adoption.note === undefined) throw invalid('note', 'Say in "note" what you accept of this event.');
}

function invalid(field: string, detail: string): ApiProblem {
  return new ApiProblem('invalid-request', detail, { errors: [{ field, problem: detail }] });
}

interface Decision {
  readonly id: string;
  readonly state: 'adopted' | 'rejected';
  readonly assetId: string | null;
  readonly note: string | null;
}

async function decide({ tx, scope, atMs }: Asking, { id, state, assetId, note }: Decision): Promise<void> {
  await tx.$executeRaw(sql`
    update quarantine set state = ${state}, asset_id = ${assetId}::uuid, note = ${note},
      decided_by = ${scope.userId}::uuid, decided_at = ${new Date(atMs)}
    where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
}

function about({ id, reason, epc }: QuarantineRow) {
  return { quarantine: idFromUuid('quarantine', id), reason, epc };
}

function placeOf({ site_id, cabinet_id }: QuarantineRow) {
  return { siteId: site_id, cabinetId: cabinet_id };
}
