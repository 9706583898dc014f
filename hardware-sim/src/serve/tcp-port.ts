import { type AddressInfo, createServer, type Socket } from 'node:net';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { OpenPort } from './port.js';

/** The network socket of a device: one address for as long as it lives, one host at a time. */
export interface TcpSocket {
  readonly openPort: OpenPort;
  close(): void;
}

/**
 * Listens on 127.0.0.1; 0 takes any free port.
 * @throws AppError `sim.port_taken`.
 */
export async function openTcpSocket(port: number): Promise<TcpSocket> {
  let connected: ((socket: Socket) => void) | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    if (connected === undefined) socket.destroy();
    else connected(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(taken(port, error)));
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  server.unref();
  const path = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const openPort: OpenPort = () => {
    let host: Socket | undefined;
    let lost = 0;
    let onData: (chunk: Uint8Array) => void = () => {};
    let onHost: () => void = () => {};
    connected = (socket) => {
      if (host !== undefined) {
        socket.destroy();
        return;
      }
      host = socket;
      socket.on('data', (chunk) => onData(chunk));
      socket.on('close', () => {
        if (host === socket) host = undefined;
      });
      onHost();
    };
    return {
      path,
      send: (bytes) => {
        if (host === undefined) lost += bytes.length;
        else host.write(bytes);
      },
      onData: (listen) => {
        onData = listen;
      },
      onHost: (listen) => {
        onHost = listen;
      },
      lostBytes: () => lost,
      close: () => {
        connected = undefined;
        host?.destroy();
        host = undefined;
      },
    };
  };
  return {
    openPort,
    close: () => {
      connected = undefined;
      server.close();
    },
  };
}

function taken(port: number, cause: unknown): AppError {
  return new AppError('sim.port_taken', `Port ${port} cannot be used for the UHF reader: ${errorText(cause)}`, {
    kind: 'operator',
    cause,
  });
}
