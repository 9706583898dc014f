import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { unanswered } from './reply-wait.js';

/** A port over one open link; it dies with the link. */
interface Port {
  end(): void;
}

export interface SpeedSearchOptions<P extends Port, Answer> {
  openLink(baudRate: number): Promise<SerialLink>;
  createPort(link: SerialLink): P;
  /** Asks the device who it is; undefined when it does not answer. */
  greet(port: P): Promise<Answer | undefined>;
  /** Tried in this order; each once. */
  readonly baudRates: readonly (number | undefined)[];
  isWanted(): boolean;
}

export interface FoundDevice<P, Answer> {
  readonly link: SerialLink;
  readonly port: P;
  readonly baudRate: number;
  readonly answer: Answer;
}

/**
 * Looks for the speed at which a device answers, with a new link for each. The first speed gets a
 * second chance, since only noise can have hidden the answer on a line without a speed of its own.
 * @throws AppError `reader.unanswered`, or what `openLink` rejects with.
 */
export async function findAtSpeed<P extends Port, Answer>(
  options: SpeedSearchOptions<P, Answer>,
): Promise<FoundDevice<P, Answer>> {
  const speeds = [...new Set(options.baudRates.filter((speed) => speed !== undefined))];
  const [preferred] = speeds;
  for (const baudRate of speeds) {
    if (!options.isWanted()) break;
    const found = await tryAt(baudRate, options);
    if (found === undefined) continue;
    if (baudRate === preferred || preferred === undefined) return found;
    found.port.end();
    await found.link.close();
    const again = (await tryAt(preferred, options)) ?? (await tryAt(baudRate, options));
    if (again !== undefined) return again;
  }
  throw unanswered();
}

async function tryAt<P extends Port, Answer>(
  baudRate: number,
  options: SpeedSearchOptions<P, Answer>,
): Promise<FoundDevice<P, Answer> | undefined> {
  const link = await options.openLink(baudRate);
  const port = options.createPort(link);
  link.onClose(() => port.end());
  try {
    const answer = await options.greet(port);
    if (answer !== undefined) return { link, port, baudRate, answer };
  } catch (error) {
    port.end();
    await link.close();
    throw error;
  }
  port.end();
  await link.close();
  return undefined;
}
