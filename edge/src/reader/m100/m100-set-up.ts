import { AppError, isAppError } from '@tagtrail/shared/error.js';
import {
  decodeInfoReply,
  decodePower,
  getPowerRequest,
  infoRequest,
  multiInventoryRequest,
  setHoppingRequest,
  setPowerRequest,
  setQueryRequest,
  setRegionRequest,
  setSelectModeRequest,
  stopMultiInventoryRequest,
  usualQuery,
} from '@tagtrail/shared/protocol/m100/m100-commands.js';
import { regionCode, selectMode } from '@tagtrail/shared/protocol/m100/m100-constants.js';
import type { M100Request } from '@tagtrail/shared/protocol/m100/m100-frame.js';
import type { M100Config } from '../../device-config.js';
import type { M100Port } from './m100-port.js';

/** A round that runs ends before the stop is answered. */
const stopTimeoutMs = 800;

/** As many rounds as one command can ask for. */
export const mostRounds = 0xffff;

/** The module's own name of its hardware; undefined when nobody answers, or not with this protocol. */
export async function greetModule(port: M100Port): Promise<string | undefined> {
  const first = await port.command(infoRequest('hardware')).catch(ifSilent);
  // It still reads for somebody who is gone.
  if (port.isReading) await port.command(stopMultiInventoryRequest(), stopTimeoutMs).catch(ifSilent);
  const reply = first ?? (port.isReading ? await port.command(infoRequest('hardware')).catch(ifSilent) : undefined);
  return reply === undefined ? undefined : (decodeInfoReply(reply)?.text ?? '');
}

/**
 * Sets the module up for a drawer or a small cabinet and starts reading (protocols.md section 2.1).
 * Returns what an operator should know although all works.
 * @throws AppError `reader.refused` with a sentence for the operator, or as `M100Port.command`.
 */
export async function setUpModule(port: M100Port, config: M100Config): Promise<readonly string[]> {
  const { region } = config;
  await must(port, setRegionRequest(regionCode[region]), `The UHF reader does not offer the region ${region}`);
  await must(port, setHoppingRequest(true), 'The UHF reader does not change its channel');
  const warnings = await setPower(port, config);
  await must(port, setSelectModeRequest(selectMode.never), 'The UHF reader does not report every tag');
  await must(port, setQueryRequest(usualQuery), 'The UHF reader refuses session S0');
  await startReading(port);
  return warnings;
}

/** Has no answer of its own: the reports that follow are it. */
export async function startReading(port: M100Port): Promise<void> {
  await port.send(multiInventoryRequest(mostRounds));
}

/** The rounds of one command come to an end, so reading is begun anew before. */
export async function renewReading(port: M100Port): Promise<void> {
  await twice(port, stopMultiInventoryRequest(), stopTimeoutMs);
  await startReading(port);
}

async function setPower(port: M100Port, config: M100Config): Promise<readonly string[]> {
  const wanted = Math.round(config.readPowerDbm * 100);
  await must(port, setPowerRequest(wanted), `The UHF reader refuses a power of ${config.readPowerDbm} dBm`);
  const centiDbm = decodePower(await twice(port, getPowerRequest()));
  if (centiDbm === null || centiDbm === wanted) return [];
  return [`The UHF reader works at ${centiDbm / 100} dBm, the settings say ${config.readPowerDbm} dBm.`];
}

async function must(port: M100Port, request: M100Request, otherwise: string): Promise<void> {
  try {
    await twice(port, request);
  } catch (error) {
    if (!isAppError(error, 'reader.refused')) throw error;
    throw new AppError('reader.refused', `${otherwise}. ${error.message}`, {
      kind: 'device',
      cause: error,
      detail: error.detail,
    });
  }
}

/** Asked once more when noise may have eaten it. */
async function twice(port: M100Port, request: M100Request, timeoutMs?: number): Promise<Uint8Array> {
  try {
    return await port.command(request, timeoutMs);
  } catch (error) {
    if (!isAppError(error, 'reader.unanswered')) throw error;
    return port.command(request, timeoutMs);
  }
}

function ifSilent(error: unknown): undefined {
  if (isAppError(error, 'reader.unanswered', 'reader.refused')) return undefined;
  throw error;
}
