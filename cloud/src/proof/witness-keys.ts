import type { KeyObject } from 'node:crypto';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { type NoteKey, noteKey, noteKeyText, noteKeyTypes, witnessName } from '@tagtrail/shared/proof/signed-note.js';
import { readPublicKey } from '../ingest/verify.js';
import { nodeHashing } from '../store/hashing.js';
import { sql, type Tx } from '../store/sql.js';

/** A key of a cabinet (UUID) as the key of a witness. */
export function witnessKey(cabinet: string, key: KeyObject): NoteKey {
  const publicKey = new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(-32));
  const name = witnessName(idFromUuid('cabinet', cabinet));
  return noteKey(nodeHashing, { name, type: noteKeyTypes.cosignature, publicKey });
}

/** The keys, old ones as well, of the cabinets that have cosigned this checkpoint, as C2SP writes them. */
export async function readWitnessKeys(tx: Tx, tenant: string, size: number): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ cabinet: string; public_key: string }[]>(sql`
    select k.cabinet_id::text as cabinet, k.public_key from witness_signature w
    join (
      select tenant_id, id as cabinet_id, public_key from cabinet
      union all select tenant_id, cabinet_id, public_key from cabinet_earlier_key
    ) k on k.tenant_id = w.tenant_id and k.cabinet_id = w.cabinet_id
    where w.tenant_id = ${tenant}::uuid and w.size = ${size} order by k.cabinet_id, k.public_key`);
  return rows.flatMap(({ cabinet, public_key }) => {
    const key = readPublicKey(public_key);
    return key === undefined ? [] : [noteKeyText(witnessKey(cabinet, key))];
  });
}
