import type { CabinetView, newCabinet } from '@tagtrail/shared/api/cabinet.js';
import { idFromUuid, newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { invalidReference } from '../api/problem.js';
import { referencedUuid } from '../api/request-ids.js';
import { seesSite } from '../auth/scope.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';
import { newCabinetKeys } from './cabinet-keys.js';
import { readCabinet } from './read-cabinets.js';

/** How a cabinet finds the cloud, and knows it. */
export interface CabinetReach {
  /** Where cabinets reach the broker. */
  readonly mqttUrl: string;
  /** The cloud's public key, SPKI PEM. */
  readonly cloudKey: string;
}

export interface CreateCabinetOptions extends CabinetReach {
  readonly random: Random;
  readonly cabinet: z.output<typeof newCabinet>;
  /** The id (UUID) that it has already, where it is taken on; a new one when not given. */
  readonly id?: string;
}

/** @throws ApiProblem `invalid-reference` for a site outside the scope. */
export async function createCabinet(
  asking: Asking,
  { random, mqttUrl, cloudKey, cabinet, id = newUuid(asking.atMs, random) }: CreateCabinetOptions,
): Promise<{ cabinet: CabinetView; credentials: CabinetCredentials }> {
  const { tx, scope, atMs } = asking;
  const siteId = referencedUuid('site', cabinet.site_id, 'site_id');
  const sites = await tx.$queryRaw<{ name: string }[]>(
    sql`select name from site where tenant_id = ${scope.tenantId}::uuid and id = ${siteId}::uuid`,
  );
  const site = sites[0];
  if (site === undefined || !seesSite(scope, siteId)) throw invalidReference('site_id', 'site');
  const keys = newCabinetKeys(random);
  await tx.$executeRaw(sql`
    insert into cabinet (tenant_id, id, site_id, name, doors, secret_hash, public_key, created_at)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${siteId}::uuid, ${cabinet.name}, ${cabinet.doors},
      ${keys.secretHash}, ${keys.publicKey}, ${new Date(atMs)})`);
  await recordChange(asking, { kind: 'cabinet.created', data: { name: cabinet.name }, siteId, cabinetId: id });
  return {
    cabinet: await readCabinet(tx, scope, { id, atMs }),
    credentials: {
      tenant: idFromUuid('tenant', scope.tenantId),
      cabinet: idFromUuid('cabinet', id),
      name: cabinet.name,
      site: site.name,
      mqttUrl,
      secret: keys.secret,
      signingKey: keys.signingKey,
      cloudKey,
    },
  };
}
