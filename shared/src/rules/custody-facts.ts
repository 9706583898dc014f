import { z } from 'zod';
import { assetId, instant, personId, tenantId } from '../events/fields.js';

/**
 * Who holds what in the whole house, as the cloud knew it at `asOf`. It changes with every take, so
 * it travels beside the rulebook, whole each time: one that was lost is made good by the next.
 */
export const custodyFacts = z.strictObject({
  v: z.literal(1),
  tenant: tenantId,
  asOf: instant,
  /** The items that are out; whatever is not named is with nobody. The person is null when it is not known who. */
  out: z.array(z.strictObject({ asset: assetId, person: personId.nullable(), since: instant })).max(20_000),
});
export type CustodyFacts = z.infer<typeof custodyFacts>;
