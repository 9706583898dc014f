import { AppError, isAppError } from '@tagtrail/shared/error.js';
import { probeBauds } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import { stopContinuousRequest } from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import { type MercuryReply, wakeUpBurst } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import {
  decodeVersionReply,
  type ModuleVersion,
  versionRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { MercuryPort } from './mercury-port.js';

export interface FoundReader {
  readonly link: SerialLink;
  readonly port: MercuryPort;
  readonly baudRate: number;
  readonly version: ModuleVersion | null;
}

export interface ProbeOptions {
  openLink(baudRate: number): Promise<SerialLink>;
  createPort(link: SerialLink): MercuryPort;
  /** Tried in this order; see `probeOrder`. */
  readonly baudRates: readonly number[];
  isWanted(): boolean;
  /** Sends the wake-up burst first, for a module in deep sleep. */
  readonly wakeUp: boolean;
}

/** A version block takes 28 ms at 9600 bits per second; the rest is the module's own time. */
const probeTimeoutMs = 250;
/** A search that runs ends before the stop is acknowledged. */
export const stopTimeoutMs = 1500;

/** The likely speeds first, then the order of the maker's library; each once. */
export function probeOrder(...likely: readonly (number | undefined)[]): readonly number[] {
  return [...new Set([...likely.filter((baud) => baud !== undefined), ...probeBauds])];
}

/**
 * Looks for the speed at which the reader answers, with a new link for each.
 * @throws AppError `reader.unanswered`, or what `openLink` rejects with.
 */
export async function findReader(options: ProbeOptions): Promise<FoundReader> {
  const [preferred] = options.baudRates;
  for (const baudRate of options.baudRates) {
    if (!options.isWanted()) break;
    const found = await tryAt(baudRate, options);
    if (found === undefined) continue;
    if (baudRate === preferred || preferred === undefined) return found;
    // A line without a speed answers at any: only noise can have hidden the answer at the preferred one.
    found.port.end();
    await found.link.close();
    const again = (await tryAt(preferred, options)) ?? (await tryAt(baudRate, options));
    if (again !== undefined) return again;
  }
  throw new AppError('reader.unanswered', 'The UHF reader does not answer: check its power and cable.', {
    kind: 'device',
    detail: { baudRates: options.baudRates },
  });
}

/** The reader at this speed, with a link of its own; undefined when it does not answer. */
export async function tryAt(baudRate: number, options: ProbeOptions): Promise<FoundReader | undefined> {
  const link = await options.openLink(baudRate);
  const port = options.createPort(link);
  link.onClose(() => port.end());
  try {
    if (options.wakeUp) await link.write(wakeUpBurst(baudRate));
    const reply = await askVersion(port);
    if (reply !== undefined) return { link, port, baudRate, version: decodeVersionReply(reply.data) };
  } catch (error) {
    await link.close();
    throw error;
  }
  port.end();
  await link.close();
  return undefined;
}

/** A reader that still reads for somebody who is gone is stopped first, its reports are drained. */
async function askVersion(port: MercuryPort): Promise<MercuryReply | undefined> {
  const first = await port.command(versionRequest(), probeTimeoutMs).catch(ifSilent);
  if (port.isStreaming) await port.command(stopContinuousRequest(), stopTimeoutMs).catch(ifSilent);
  else if (first !== undefined || !port.hasSpoken) return first;
  return port.command(versionRequest(), probeTimeoutMs).catch(ifSilent);
}

function ifSilent(error: unknown): undefined {
  if (isAppError(error, 'reader.unanswered', 'reader.refused', 'reader.restarted')) return undefined;
  throw error;
}
