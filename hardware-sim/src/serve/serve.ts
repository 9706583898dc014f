import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSettings } from '@tagtrail/shared/config/settings.js';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { z } from 'zod';
import { type Cabinet, createCabinet } from './cabinet.js';
import { readerOf } from './cabinet-devices.js';
import { type CabinetFile, cabinetFile, type DeviceName } from './cabinet-file.js';
import type { BuildReader } from './cabinet-reader.js';
import { buildControl } from './control.js';
import { createLinks } from './links.js';
import type { OpenPort } from './port.js';
import { openPtyUnlike } from './pty.js';
import { openTcpSocket } from './tcp-port.js';

export interface ServeOptions {
  readonly file: CabinetFile;
  /** 0 takes any free port. */
  readonly controlPort: number;
  /** Folder for links that keep their names when a replugged port comes back under another path. */
  readonly linksFolder?: string;
  /** In place of the file's seed. */
  readonly seed?: string | number;
  /** Where the agent in front of this cabinet shows its screen; the page then shows its conclusions. */
  readonly kiosk?: string;
}

export interface ServeDeps {
  readonly clock: Clock;
  /** In place of the reader that the file names. */
  readonly buildReader?: BuildReader;
}

export interface ServedCabinet {
  /** `http://127.0.0.1:PORT`. */
  readonly control: string;
  /** The path that a program opens, by device; a replugged device has another one (see its link, or the state). */
  readonly ports: Readonly<Record<DeviceName, string>>;
  readonly cabinet: Cabinet;
  /** Stops the control, pulls the cables and removes the links. */
  close(): Promise<void>;
}

/** Built by `npm run build -w web`. */
const pageFolder = fileURLToPath(new URL('../../../web/dist-simulator', import.meta.url));

/**
 * Reads a cabinet file.
 * @throws SettingsError with every problem; AppError `sim.file_unreadable`.
 */
export function readCabinetFile(path: string): CabinetFile {
  return readJsonFile('The cabinet file', path, cabinetFile);
}

/**
 * Reads a JSON file of that form; `what` names it to a person.
 * @throws SettingsError with every problem; AppError `sim.file_unreadable`.
 */
export function readJsonFile<S extends z.ZodType>(what: string, path: string, schema: S): z.output<S> {
  let values: unknown;
  try {
    values = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new AppError('sim.file_unreadable', `${what} ${path} cannot be read: ${errorText(error)}`, {
      kind: 'operator',
      cause: error,
    });
  }
  return parseSettings(`${what} ${path}`, schema, values);
}

/**
 * Runs one virtual cabinet: its devices on pseudo-terminals, its control on 127.0.0.1.
 * @throws AppError `sim.port_taken`, `sim.pty_unavailable`, `sim.links_refused`.
 */
export async function serveCabinet(options: ServeOptions, deps: ServeDeps): Promise<ServedCabinet> {
  const { file, controlPort, linksFolder } = options;
  const seed = options.seed ?? file.seed;
  const links = linksFolder === undefined ? undefined : createLinks(linksFolder);
  const socket = file.devices.uhf === 'llrp' ? await openTcpSocket(file.llrpPort) : undefined;
  const cabinet = createCabinet({
    file,
    seed,
    clock: deps.clock,
    random: seededRandom(seed),
    openPort: {
      uhf: socket?.openPort ?? changingPty(deps.clock),
      badge: changingPty(deps.clock),
      lock: changingPty(deps.clock),
    },
    buildReader: deps.buildReader ?? readerOf(file.devices.uhf),
    // A network address is no file that a link could lead to.
    onPath: (device, path) => links?.point(device, path?.startsWith('/') ? path : undefined),
  });
  const app = buildControl(cabinet, {
    clock: deps.clock,
    pageFolder,
    ...(options.kiosk === undefined ? {} : { kiosk: options.kiosk }),
  });
  try {
    // First the port: a second simulator that finds it taken must not touch the links of the first.
    const control = await app.listen({ host: '127.0.0.1', port: controlPort });
    cabinet.start();
    const pathOf = (name: DeviceName): string => cabinet.lines[name].path() ?? '';
    return {
      control,
      ports: { uhf: pathOf('uhf'), badge: pathOf('badge'), lock: pathOf('lock') },
      cabinet,
      close: async () => {
        await app.close();
        cabinet.close();
        socket?.close();
      },
    };
  } catch (error) {
    await app.close();
    cabinet.close();
    socket?.close();
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? portTaken(controlPort, error) : error;
  }
}

/** Each opening gives another path than the one before. */
function changingPty(clock: Clock): OpenPort {
  let path: string | undefined;
  return () => {
    const port = openPtyUnlike(path, clock);
    path = port.path;
    return port;
  };
}

function portTaken(port: number, cause: unknown): AppError {
  return new AppError(
    'sim.port_taken',
    `Port ${port} is taken by another program. Choose another one with --control PORT, or let --control 0 find a free one.`,
    { kind: 'operator', cause },
  );
}
