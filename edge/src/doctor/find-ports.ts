import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { listSerialPorts } from '../serial/serialport-link.js';

/** A serial port of this machine. */
export interface FoundPort {
  readonly path: string;
  /** A name that stays with the adapter, whatever socket it is in; null where there is none. */
  readonly stablePath: string | null;
  /** Who made the adapter, as it says itself. */
  readonly maker: string | null;
}

/**
 * The ports that the operating system lists, together with what udev and the kernel keep under
 * `dev`: in a container the list is often empty and the devices are there.
 */
export async function findPorts(dev = '/dev', list: typeof listSerialPorts = listSerialPorts): Promise<FoundPort[]> {
  const listed = await list().catch(() => []);
  const byId = await stableNames(join(dev, 'serial/by-id'));
  const kernel = (await namesIn(dev)).filter((name) => /^tty(USB|ACM)\d+$/.test(name)).map((name) => join(dev, name));
  const makers = new Map(listed.map(({ path, maker }) => [path, maker]));
  const usable = listed.filter(({ path, maker }) => maker !== null || !/\/ttyS\d+$/.test(path)).map(({ path }) => path);
  return [...new Set([...usable, ...byId.keys(), ...kernel])]
    .sort()
    .map((path) => ({ path, stablePath: byId.get(path) ?? null, maker: makers.get(path) ?? null }));
}

/** The link of udev by the device that it leads to. */
async function stableNames(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of await namesIn(folder)) {
    const link = join(folder, name);
    const target = await realpath(link).catch(() => undefined);
    if (target !== undefined) found.set(target, link);
  }
  return found;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}
