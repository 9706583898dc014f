import { AppError, isAppError } from '@tagtrail/shared/error.js';
import { opcode } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import type { MercuryReply, MercuryRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { commandTimeoutMs, type MercuryPort } from './mercury-port.js';

const bootTimeoutMs = 5000;

/** A command without which the cabinet cannot count. Asked once more when noise may have eaten it. */
export async function must(port: MercuryPort, request: MercuryRequest, otherwise: string): Promise<MercuryReply> {
  try {
    return await twice(port, request);
  } catch (error) {
    if (!isAppError(error, 'reader.refused')) throw error;
    throw new AppError('reader.refused', `${otherwise}. ${error.message}`, {
      kind: 'device',
      cause: error,
      detail: error.detail,
    });
  }
}

/** A command that some firmware does not know. */
export async function optional(port: MercuryPort, request: MercuryRequest): Promise<MercuryReply | undefined> {
  try {
    return await twice(port, request);
  } catch (error) {
    if (isAppError(error, 'reader.refused')) return undefined;
    throw error;
  }
}

async function twice(port: MercuryPort, request: MercuryRequest): Promise<MercuryReply> {
  const timeoutMs = request.op === opcode.bootApplication ? bootTimeoutMs : commandTimeoutMs;
  try {
    return await port.command(request, timeoutMs);
  } catch (error) {
    if (!isAppError(error, 'reader.unanswered')) throw error;
    return port.command(request, timeoutMs);
  }
}
