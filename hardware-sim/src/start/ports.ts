import { createServer } from 'node:net';
import { AppError } from '@tagtrail/shared/error.js';

/** Ports that are free now. A simulator that is started again comes back at the address that people know. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * @throws AppError `start.port_taken`, naming the setting that chooses another one. 0 is always free.
 */
export async function requireFreePort(setting: string, port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    throw new AppError(
      'start.port_taken',
      `Port ${port} is taken by another program. Choose another one: ${setting}=${port + 1} npm start`,
      { kind: 'operator', cause: error },
    );
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
