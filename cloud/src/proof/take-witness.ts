import type { CheckpointMessage, WitnessMessage } from '@tagtrail/shared/mqtt/messages.js';
import { cosignedAt } from '@tagtrail/shared/proof/checkpoint.js';
import { type KnownCabinet, keysOf } from '../ingest/cabinet-directory.js';
import type { Store } from '../store/prisma.js';
import { sql } from '../store/sql.js';
import { verifyEd25519 } from './log-key.js';
import { checkpointFor } from './show-checkpoint.js';
import { witnessKey } from './witness-keys.js';

export type WitnessOutcome =
  | { readonly kind: 'kept' }
  /** What to show the cabinet next. */
  | { readonly kind: 'show'; readonly message: CheckpointMessage }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'bad_signature' };

/** Keeps the cosignature of a cabinet when it is one, or finds the proof that the cabinet asks for. */
export async function takeWitness(
  store: Store,
  cabinet: KnownCabinet,
  message: WitnessMessage,
): Promise<WitnessOutcome> {
  const { tenant, id } = cabinet;
  if ('seen' in message) {
    const shown = await store.readTenant(tenant, (tx) => checkpointFor(tx, tenant, message.seen));
    // A trail that is shorter than what the cabinet has seen is the cabinet's to refuse.
    return shown === undefined ? { kind: 'nothing' } : { kind: 'show', message: shown };
  }
  const note = await store.readTenant(tenant, async (tx) => {
    const row = await tx.checkpoint.findUnique({
      where: { tenantId_size: { tenantId: tenant, size: message.size } },
      select: { note: true },
    });
    return row?.note;
  });
  if (note === undefined) return { kind: 'nothing' };
  const at = await signedAt(cabinet, note, message.line);
  if (at === undefined) return { kind: 'bad_signature' };
  await store.withTenant(tenant, (tx) =>
    tx.$executeRaw(sql`
      insert into witness_signature (tenant_id, size, cabinet_id, line, signed_at)
      values (${tenant}::uuid, ${message.size}, ${id}::uuid, ${message.line}, ${new Date(at * 1000)})
      on conflict do nothing`),
  );
  return { kind: 'kept' };
}

async function signedAt(cabinet: KnownCabinet, note: string, line: string): Promise<number | undefined> {
  // One line and no more: what stands behind it would become part of everybody's note.
  if (line.indexOf('\n') !== line.length - 1) return undefined;
  for (const key of keysOf(cabinet)) {
    const at = await cosignedAt(verifyEd25519, note + line, witnessKey(cabinet.id, key));
    if (at !== undefined) return at;
  }
  return undefined;
}
