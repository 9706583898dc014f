import { stat } from 'node:fs/promises';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { LinkClosed, SerialLink } from '@tagtrail/shared/serial/link.js';
import { type Clock, repeat } from '@tagtrail/shared/time/clock.js';
import { SerialPort } from 'serialport';

/**
 * The only door to the `serialport` package.
 *
 * Every call makes a new port object. An object that lost its device keeps what was written to it
 * and sends it after its next `open()`: an unlock command could come out minutes late.
 * Modem lines are never touched, because pseudo-terminals and many USB bridges have none.
 *
 * @throws AppError `serial.port_missing`, `serial.port_busy` or `serial.port_refused`.
 */
export async function openSerialPort(path: string, baudRate: number, clock: Clock): Promise<SerialLink> {
  const device = await deviceBehind(path);
  const port = await openPort(path, baudRate);
  return linkOver({ port, path, clock, device });
}

/** The ports that the operating system lists. Rejects with what the package does where it cannot list. */
export async function listSerialPorts(): Promise<readonly { readonly path: string; readonly maker: string | null }[]> {
  const ports = await SerialPort.list();
  return ports.map(({ path, manufacturer }) => ({ path, maker: manufacturer ?? null }));
}

/** How often it is looked whether the device is still there. */
const presenceMs = 500;

/** What tells the device behind a path from another one there later; undefined where paths are no files. */
async function deviceBehind(path: string): Promise<string | undefined> {
  try {
    const { rdev, ino, ctimeMs } = await stat(path);
    return `${rdev}/${ino}/${ctimeMs}`;
  } catch {
    return undefined;
  }
}

function openPort(path: string, baudRate: number): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate, autoOpen: false, hupcl: false });
    port.open((error) => {
      if (error === null || error === undefined) resolve(port);
      else reject(openError(path, error));
    });
  });
}

/** The reason in the operating system's words, as the three cases that an operator can act on. */
export function openError(path: string, error: unknown): AppError {
  const text = errorText(error);
  const options = { kind: 'operator', cause: error, detail: { path } } as const;
  if (/no such file|file not found|ENOENT|ENXIO|no such device/i.test(text)) {
    return new AppError('serial.port_missing', `the serial port ${path} is not there: check the cable`, options);
  }
  if (/cannot lock port|temporarily unavailable|EBUSY|resource busy|access denied/i.test(text)) {
    return new AppError('serial.port_busy', `the serial port ${path} is in use by another program`, options);
  }
  return new AppError('serial.port_refused', `the serial port ${path} does not open: ${text}`, options);
}

interface OpenPort {
  readonly port: SerialPort;
  readonly path: string;
  readonly clock: Clock;
  readonly device: string | undefined;
}

function linkOver({ port, path, clock, device }: OpenPort): SerialLink {
  const dataListeners: ((chunk: Uint8Array) => void)[] = [];
  const closeListeners: ((closed: LinkClosed) => void)[] = [];
  let closed: LinkClosed | undefined;

  function end(reason: LinkClosed): void {
    if (closed !== undefined) return;
    closed = reason;
    presence.cancel();
    for (const listen of closeListeners) listen(reason);
  }

  // A line that hangs up while the package reads looks to it like one without data, forever.
  const presence = repeat(clock, 'serial.presence', presenceMs, async () => {
    if (device === undefined || (await deviceBehind(path)) === device) return;
    end({ reason: 'unplugged', detail: 'the port is gone' });
    if (port.isOpen) port.close(() => {});
  });

  // The package notices an unplugged device only while somebody reads.
  port.on('data', (chunk: Uint8Array) => {
    if (closed !== undefined) return;
    for (const listen of dataListeners) listen(chunk);
  });
  port.on('close', (error: unknown) => {
    if (error === null || error === undefined) end({ reason: 'asked' });
    else end({ reason: 'unplugged', detail: errorText(error) });
  });
  port.on('error', (error: unknown) => {
    end({ reason: 'unplugged', detail: errorText(error) });
    if (port.isOpen) port.close(() => {});
  });

  const lost = (cause?: unknown): AppError =>
    new AppError('serial.link_lost', `the serial port ${path} is closed`, { kind: 'device', cause, detail: { path } });

  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (closed !== undefined || !port.isOpen || port.closing) {
          reject(lost());
          return;
        }
        const stopWaiting = onceClosed(closeListeners, () => reject(lost()));
        port.write(bytes, (error) => {
          stopWaiting();
          if (error === null || error === undefined) resolve();
          else reject(lost(error));
        });
      }),
    onData: (listen) => {
      dataListeners.push(listen);
    },
    onClose: (listen) => {
      if (closed === undefined) closeListeners.push(listen);
      else listen(closed);
    },
    close: () =>
      new Promise((resolve) => {
        end({ reason: 'asked' });
        if (!port.isOpen || port.closing) resolve();
        else port.close(() => resolve());
      }),
  };
}

/** A write that the port never answers must not hang its caller once the line is gone. */
function onceClosed(listeners: ((closed: LinkClosed) => void)[], fire: () => void): () => void {
  listeners.push(fire);
  return () => {
    const place = listeners.indexOf(fire);
    if (place >= 0) listeners.splice(place, 1);
  };
}
