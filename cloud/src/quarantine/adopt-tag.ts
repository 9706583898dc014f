import type { adoptQuarantined } from '@tagtrail/shared/api/quarantine.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import { referencedUuid } from '../api/request-ids.js';
import { bindAssetTag, createAsset } from '../assets/create-asset.js';

/** What a person says in adopting something. */
export type Adoption = z.output<typeof adoptQuarantined>;

/** Binds the tag as a person says; answers the asset's UUID. @throws ApiProblem as creating and binding do. */
export async function adoptTag(
  asking: Asking,
  random: Random,
  { epc, adoption }: { readonly epc: string; readonly adoption: Adoption },
): Promise<string> {
  const { asset_id, new_asset } = adoption;
  if (new_asset !== undefined) {
    const rest = {
      model: null,
      serial: null,
      groups: [],
      licences: [],
      two_person: false,
      place: null,
      calibration_due_at: null,
    };
    const made = await createAsset(asking, random, { ...rest, ...new_asset, epc });
    return uuidFromId('asset', made.id);
  }
  const id = referencedUuid('asset', asset_id ?? '', 'asset_id');
  await bindAssetTag(asking, random, { id, epc }).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.problem === 'not-found')
      throw new ApiProblem('invalid-reference', 'There is no such asset.', {
        errors: [{ field: 'asset_id', problem: 'no such asset' }],
      });
    throw error;
  });
  return id;
}
