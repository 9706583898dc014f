import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { AppError, isAppError } from '@tagtrail/shared/error.js';
import { installKeyHex, osdpCommand, osdpReply, securityType } from '@tagtrail/shared/protocol/osdp/osdp-constants.js';
import { keySet } from '@tagtrail/shared/protocol/osdp/osdp-messages.js';
import {
  initialMac,
  type OsdpChannel,
  osdpCryptogram,
  osdpKeys,
} from '@tagtrail/shared/protocol/osdp/osdp-secure-channel.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import { nodeAes } from './osdp-aes.js';
import type { OsdpBus } from './osdp-bus.js';

export function isInstallKey(keyHex: string): boolean {
  return keyHex.toUpperCase() === installKeyHex;
}

/**
 * Both ends prove that they know the key (OSDP 2.2 annex D). Rejects as `OsdpBus.command`, and with
 * AppError `reader.refused` when the reader does not know the key.
 */
export async function establishChannel(bus: OsdpBus, keyHex: string, random: Random): Promise<OsdpChannel> {
  try {
    return await shakeHands(bus, keyHex, random);
  } catch (error) {
    if (isAppError(error, 'reader.restarted', 'reader.refused')) throw wrongKey(error);
    throw error;
  }
}

/**
 * Gives a reader that knows but the key it was delivered with the key of this cabinet (OSDP 2.2 KEYSET),
 * and talks to it with that one. Whoever listens to the wire at that moment can learn the key.
 * Rejects as `establishChannel`, also when the reader had another key of its own.
 */
export async function giveKey(bus: OsdpBus, keyHex: string, random: Random): Promise<OsdpChannel> {
  bus.secure(await establishChannel(bus, installKeyHex, random));
  await bus.command({ id: osdpCommand.keySet, data: keySet(fromHex(keyHex)) });
  bus.secure(null);
  return establishChannel(bus, keyHex, random);
}

async function shakeHands(bus: OsdpBus, keyHex: string, random: Random): Promise<OsdpChannel> {
  const whichKey = Uint8Array.of(isInstallKey(keyHex) ? 0 : 1);
  const panelRandom = randomBytes(random, 8);
  const challenged = await bus.command({
    id: osdpCommand.challenge,
    data: panelRandom,
    security: { type: securityType.challenge, data: whichKey },
  });
  if (challenged.id !== osdpReply.clientCryptogram || challenged.data.length !== 32) throw wrongKey();
  const readerRandom = challenged.data.subarray(8, 16);
  const keys = osdpKeys(nodeAes, fromHex(keyHex), panelRandom);
  const expected = osdpCryptogram(nodeAes, keys, [panelRandom, readerRandom]);
  if (toHex(expected) !== toHex(challenged.data, 16)) throw wrongKey();

  const serverCryptogram = osdpCryptogram(nodeAes, keys, [readerRandom, panelRandom]);
  const proved = await bus.command({
    id: osdpCommand.serverCryptogram,
    data: serverCryptogram,
    security: { type: securityType.serverCryptogram, data: whichKey },
  });
  const first = initialMac(nodeAes, keys, serverCryptogram);
  const isAccepted = proved.id === osdpReply.initialMac && proved.security?.data[0] === 1;
  if (!isAccepted || toHex(proved.data) !== toHex(first)) throw wrongKey();
  return { keys, sent: new Uint8Array(16), received: first };
}

function wrongKey(cause?: unknown): AppError {
  return new AppError('reader.refused', 'The badge reader does not know the key of the settings (secureKey).', {
    kind: 'operator',
    cause,
  });
}
