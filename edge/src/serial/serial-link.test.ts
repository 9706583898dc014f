import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { AppError } from '@tagtrail/shared/error.js';
import { createLinkPair, type LinkPair } from '@tagtrail/shared/testing/link-pair.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it, vi } from 'vitest';
import { openPseudoTerminal } from '../testing/pseudo-terminal.js';
import { describeSerialLink, type SerialLinkBench } from '../testing/serial-link.contract.js';
import { linkOpener } from './open-link.js';
import { tcpAddress } from './tcp-link.js';

const until = async (condition: () => boolean): Promise<void> => {
  await vi.waitUntil(condition, { timeout: 10_000, interval: 5 });
};

describeSerialLink('a pair in memory', async (): Promise<SerialLinkBench> => {
  const clock = new VirtualClock();
  const bytes: number[] = [];
  let pair: LinkPair | undefined;
  return {
    open: async () => {
      pair = createLinkPair(clock, { latencyMs: 3 });
      pair.device.onData((chunk) => bytes.push(...chunk));
      return pair.host;
    },
    send: (sent) => {
      pair?.device.write(sent).catch(() => {});
    },
    received: () => Uint8Array.from(bytes),
    unplug: () => pair?.unplug(),
    until: async (condition) => {
      await clock.advance(100);
      if (!condition()) throw new AppError('test.never', 'it never happened', { kind: 'bug' });
    },
    close: async () => {},
  };
});

describeSerialLink('a serial server', async (): Promise<SerialLinkBench> => {
  const bytes: number[] = [];
  let socket: Socket | undefined;
  const server = createServer((accepted) => {
    socket = accepted;
    accepted.on('data', (chunk) => bytes.push(...chunk));
    accepted.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const open = linkOpener(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    open: async () => {
      const before = socket;
      const link = await open(9600);
      await until(() => socket !== before);
      return link;
    },
    send: (sent) => socket?.write(sent),
    received: () => Uint8Array.from(bytes),
    unplug: () => socket?.destroy(),
    until,
    close: async () => {
      socket?.destroy();
      server.close();
      await once(server, 'close');
    },
  };
});

describeSerialLink('a serial port', async (): Promise<SerialLinkBench> => {
  const terminal = openPseudoTerminal();
  const open = linkOpener(terminal.path);
  return {
    open: () => open(115_200),
    send: terminal.send,
    received: terminal.received,
    unplug: terminal.unplug,
    until,
    close: async () => terminal.unplug(),
  };
});

describe('linkOpener', () => {
  it('says that a port is missing', async () => {
    await expect(linkOpener('/dev/tagtrail-nothing')(9600)).rejects.toMatchObject({
      code: 'serial.port_missing',
      message: expect.stringContaining('/dev/tagtrail-nothing'),
    });
  });

  it('says that a port is in use', async () => {
    const terminal = openPseudoTerminal();
    const link = await linkOpener(terminal.path)(9600);
    await expect(linkOpener(terminal.path)(9600)).rejects.toMatchObject({ code: 'serial.port_busy' });
    await link.close();
    terminal.unplug();
  });

  it('says that something is no serial port', async () => {
    await expect(linkOpener('/dev/null')(9600)).rejects.toMatchObject({ code: 'serial.port_refused' });
  });

  it('says that a serial server is missing', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    await expect(linkOpener(`tcp://127.0.0.1:${port}`)(9600)).rejects.toMatchObject({ code: 'serial.port_missing' });
  });
});

describe('tcpAddress', () => {
  it.each([
    ['tcp://10.0.0.7:8080', { host: '10.0.0.7', port: 8080 }],
    ['tcp://[::1]:4001', { host: '::1', port: 4001 }],
    ['tcp://serial-server.local:4001/', { host: 'serial-server.local', port: 4001 }],
    ['tcp://host:0', undefined],
    ['tcp://host:70000', undefined],
    ['/dev/ttyUSB0', undefined],
    ['COM3', undefined],
  ])('reads %s', (path, address) => {
    expect(tcpAddress(path)).toEqual(address);
  });
});
