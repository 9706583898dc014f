import { verify } from 'node:crypto';
import { commandCounterText, type HelloMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Store } from '../store/prisma.js';
import { type KnownCabinet, keysOf } from './cabinet-directory.js';

/**
 * Numbers the next command behind the last one that the cabinet carried out. A cloud that was restored
 * from an older copy would otherwise use its numbers a second time, and the cabinet does no number
 * twice. Only the cabinet's own signature counts, and a number is never taken back: what was sent once
 * stays used up. Answers whether anything was lifted.
 */
export async function liftCommandCounter(
  store: Store,
  { address, cabinet }: { readonly address: CabinetAddress; readonly cabinet: KnownCabinet },
  told: HelloMessage['commands'],
): Promise<boolean> {
  if (told === undefined || told.counter <= cabinet.commandCounter || !isVouchedFor(address, cabinet, told))
    return false;
  const { tenant, id } = cabinet;
  const lifted = await store.withTenant(
    tenant,
    (tx) => tx.$executeRaw`
      update cabinet set command_counter = ${told.counter}
      where tenant_id = ${tenant}::uuid and id = ${id}::uuid and command_counter < ${told.counter}`,
  );
  return lifted > 0;
}

function isVouchedFor(
  address: CabinetAddress,
  cabinet: KnownCabinet,
  { counter, sig }: NonNullable<HelloMessage['commands']>,
): boolean {
  const text = Buffer.from(commandCounterText({ ...address, counter }));
  const signature = Buffer.from(sig, 'base64url');
  return signature.length === 64 && keysOf(cabinet).some((key) => verify(null, text, key, signature));
}
