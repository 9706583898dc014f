import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { randomBytes } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterEach, describe, expect, it } from 'vitest';
import { type HostPort, openHostPort } from '../testing/host-port.js';
import type { Port } from './port.js';
import { openPty } from './pty.js';

const open: { port?: Port; host?: HostPort } = {};

async function bothEnds(): Promise<{ port: Port; host: HostPort }> {
  const port = openPty(systemClock);
  open.port = port;
  const host = await openHostPort(port.path, 115_200);
  open.host = host;
  return { port, host };
}

/** Terminals that this process holds open. */
function openDescriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return /pts|ptmx/.test(target) ? [target] : [];
    } catch {
      return [];
    }
  });
}

/** Collects what reaches the device until `count` bytes are there. */
function deviceBytes(port: Port, count: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let total = 0;
    port.onData((chunk) => {
      chunks.push(chunk);
      total += chunk.length;
      if (total >= count) resolve(new Uint8Array(Buffer.concat(chunks)));
    });
  });
}

describe('openPty', () => {
  afterEach(async () => {
    await open.host?.close();
    open.port?.close();
  });

  it('passes every byte value unaltered in both directions', async () => {
    const { port, host } = await bothEnds();
    const all = Uint8Array.from({ length: 256 }, (_, value) => value);
    const awkward = Uint8Array.of(0x03, 0x03, 0x04, 0x0a, 0x0d, 0x0d, 0x0a, 0x11, 0x13, 0x1a, 0x7f, 0xff, 0xff);
    const message = Uint8Array.of(...all, ...awkward, ...all);
    const atDevice = deviceBytes(port, message.length);
    port.send(message);
    await host.write(message);
    expect(await host.bytes(message.length)).toEqual(message);
    expect(await atDevice).toEqual(message);
  });

  it('carries 64 KiB both ways at once', async () => {
    const { port, host } = await bothEnds();
    const down = randomBytes(seededRandom('down'), 64 * 1024);
    const up = randomBytes(seededRandom('up'), 64 * 1024);
    const atDevice = deviceBytes(port, down.length);
    port.send(up);
    await host.write(down);
    const atHost = await host.bytes(up.length);
    expect(Buffer.compare(atHost, up)).toBe(0);
    expect(Buffer.compare(await atDevice, down)).toBe(0);
    expect(port.lostBytes()).toBe(0);
  });

  it('does not echo what the host writes', async () => {
    const { port, host } = await bothEnds();
    const atDevice = deviceBytes(port, 4);
    await host.write(Uint8Array.of(1, 2, 3, 4));
    await atDevice;
    port.send(Uint8Array.of(9));
    expect(await host.bytes(1)).toEqual(Uint8Array.of(9));
  });

  it('stays while one host closes and another one opens', async () => {
    const { port, host } = await bothEnds();
    await host.close();
    const again = await openHostPort(port.path, 9600);
    open.host = again;
    const atDevice = deviceBytes(port, 1);
    await again.write(Uint8Array.of(7));
    expect(await atDevice).toEqual(Uint8Array.of(7));
  });

  it('refuses what a host writes after the cable is pulled, and takes the path away', async () => {
    const { port, host } = await bothEnds();
    port.send(Uint8Array.of(1));
    await host.bytes(1);
    port.close();
    await expect(host.write(Uint8Array.of(2))).rejects.toThrow();
    expect(existsSync(port.path)).toBe(false);
  });

  it('leaves no descriptor open when the cable is pulled', () => {
    const before = openDescriptors();
    for (let i = 0; i < 5; i++) openPty(systemClock).close();
    // What another test has closed may go meanwhile.
    const added = openDescriptors();
    for (const one of before) if (added.includes(one)) added.splice(added.indexOf(one), 1);
    expect(added).toEqual([]);
  });
});
