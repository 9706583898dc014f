import { z } from 'zod';
import { assetState } from './asset.js';
import { page, pageQuery, reference } from './common.js';

/** A kit or toolbox: an asset that others travel with. */
export const kitView = z.strictObject({
  /** The asset that is the kit. */
  id: z.string(),
  name: z.string(),
  site: reference.nullable(),
  state: assetState,
  cabinet: reference.nullable(),
  holder: reference.nullable(),
  children: z.array(
    z.strictObject({
      asset: reference,
      state: assetState,
      cabinet: reference.nullable(),
      holder: reference.nullable(),
      /** In the same cabinet as the kit, or out under the same name; null while nobody knows where one of them is. */
      with_kit: z.boolean().nullable(),
    }),
  ),
  /** Every child is with the kit and fit for use; null while that is not known of all and no other is amiss. */
  complete: z.boolean().nullable(),
  /** False while a cabinet that this rests on has not reported. */
  fresh: z.boolean(),
  as_of: z.string().nullable(),
});
export type KitView = z.infer<typeof kitView>;
export const kitPage = page(kitView);
export const kitQuery = z.strictObject({ ...pageQuery, complete: z.enum(['true', 'false']).optional() });

/** The children in place of those before; an asset belongs to one kit at most. */
export const setKit = z.strictObject({ children_ids: z.array(z.string()).min(1).max(500) });
