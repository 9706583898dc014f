import { isAppError } from '@tagtrail/shared/error.js';
import { encodeRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { setBaudRequest } from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import { unanswered } from '../reply-wait.js';
import { type FoundReader, type ProbeOptions, tryAt } from './mercury-probe.js';

export interface SpeedChangeOptions extends ProbeOptions {
  readonly found: FoundReader;
  /** Bits per second. */
  readonly wanted: number;
}

/**
 * Brings a reader that runs at another speed to the wanted one with command 06, whose answer still
 * comes at the old one. When nobody is understood at the new speed, the reader is called back to the
 * old one. The found reader's link must not be used afterwards unless it is the one that returns.
 * @throws AppError `reader.unanswered` when it is found at neither, or what `openLink` rejects with.
 */
export async function negotiateSpeed(options: SpeedChangeOptions): Promise<FoundReader> {
  const { found, wanted } = options;
  const old = found.baudRate;
  if (old === wanted) return found;
  try {
    await found.port.command(setBaudRequest(wanted));
  } catch (error) {
    if (isAppError(error, 'reader.refused')) return found;
    if (!isAppError(error, 'reader.unanswered', 'reader.restarted')) throw error;
    // It may have changed without a word that was understood.
  }
  found.port.end();
  await found.link.close();
  const changed = (await tryAt(wanted, options)) ?? (await tryAt(wanted, options));
  if (changed !== undefined) return changed;
  await callBack(options, old);
  const back = await tryAt(old, options);
  if (back === undefined) throw unanswered();
  return back;
}

/** What the reader sends is not understood at the new speed; what it is told may be. */
async function callBack({ openLink, wanted }: SpeedChangeOptions, old: number): Promise<void> {
  const link = await openLink(wanted);
  const { op, data } = setBaudRequest(old);
  await link.write(encodeRequest(op, data));
  await link.close();
}
