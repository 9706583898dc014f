import type { Store } from '../store/prisma.js';
import { sql } from '../store/sql.js';

/** The channel that tells every process of the cloud that a sign-in was ended; its payload is the id. */
export const signInEndedChannel = 'tagtrail_sign_in_ended';

/** Cuts the live connections of an ended sign-in, wherever they are. */
export async function tellSignInEnded(store: Store, signInId: string): Promise<void> {
  await store.global.$queryRaw(sql`select pg_notify(${signInEndedChannel}, ${signInId})::text`);
}
