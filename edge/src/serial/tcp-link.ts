import { connect, type Socket } from 'node:net';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { LinkClosed, SerialLink } from '@tagtrail/shared/serial/link.js';

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `tcp://host:port`; undefined for anything else, such as a device path. */
export function tcpAddress(path: string): TcpAddress | undefined {
  const match = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^:/\s]+):(\d{1,5})\/?$/.exec(path);
  if (match === null) return undefined;
  const port = Number(match[2]);
  if (port < 1 || port > 65_535) return undefined;
  return { host: (match[1] as string).replace(/^\[|\]$/g, ''), port };
}

const connectTimeoutMs = 3000;

/**
 * A serial server that passes raw bytes over TCP; its speed is set on the server itself.
 * @throws AppError `serial.port_missing` when nothing answers, `serial.port_refused` otherwise.
 */
export function openTcpLink(address: TcpAddress): Promise<SerialLink> {
  const name = `${address.host}:${address.port}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.host, port: address.port, noDelay: true, keepAlive: true });
    socket.setTimeout(connectTimeoutMs);
    const fail = (error: unknown): void => {
      socket.destroy();
      reject(openError(name, error));
    };
    socket.once('error', fail);
    socket.once('timeout', () => fail('no answer'));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      socket.off('error', fail);
      resolve(linkOver(socket, name));
    });
  });
}

function openError(name: string, error: unknown): AppError {
  const text = errorText(error);
  const options = { kind: 'operator', cause: error, detail: { name } } as const;
  if (/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|no answer/.test(text)) {
    return new AppError('serial.port_missing', `the serial server ${name} does not answer: check its power`, options);
  }
  return new AppError('serial.port_refused', `the serial server ${name} does not accept us: ${text}`, options);
}

function linkOver(socket: Socket, name: string): SerialLink {
  const dataListeners: ((chunk: Uint8Array) => void)[] = [];
  const closeListeners: ((closed: LinkClosed) => void)[] = [];
  let closed: LinkClosed | undefined;
  let lastError = 'the serial server closed the connection';

  function end(reason: LinkClosed): void {
    if (closed !== undefined) return;
    closed = reason;
    for (const listen of closeListeners) listen(reason);
  }

  socket.on('data', (chunk: Uint8Array) => {
    if (closed !== undefined) return;
    for (const listen of dataListeners) listen(chunk);
  });
  socket.on('error', (error) => {
    lastError = errorText(error);
  });
  socket.on('end', () => socket.destroy());
  socket.on('close', () => end({ reason: 'unplugged', detail: lastError }));

  const lost = (cause?: unknown): AppError =>
    new AppError('serial.link_lost', `the line to ${name} is closed`, { kind: 'device', cause, detail: { name } });

  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (closed !== undefined || socket.destroyed) {
          reject(lost());
          return;
        }
        socket.write(bytes, (error) => {
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
        if (socket.destroyed) {
          resolve();
          return;
        }
        socket.once('close', () => resolve());
        // A reset throws away what a stalled connection still holds; it must not reach the device later.
        socket.resetAndDestroy();
      }),
  };
}
