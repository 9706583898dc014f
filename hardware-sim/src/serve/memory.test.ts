import { describe, expect, it } from 'vitest';
import { createMemoryLine } from './memory.js';

describe('createMemoryLine', () => {
  it('carries bytes both ways, copied', async () => {
    const line = createMemoryLine();
    const port = line.openPort();
    const link = await line.openLink();
    const atHost: number[] = [];
    const atDevice: number[] = [];
    link.onData((chunk) => atHost.push(...chunk));
    port.onData((chunk) => atDevice.push(...chunk));
    const bytes = Uint8Array.of(1, 2, 3);
    port.send(bytes);
    await link.write(bytes);
    bytes.fill(0);
    expect(atHost).toEqual([1, 2, 3]);
    expect(atDevice).toEqual([1, 2, 3]);
  });

  it('takes one host at a time, and another one after it closed', async () => {
    const line = createMemoryLine();
    line.openPort();
    const link = await line.openLink();
    await expect(line.openLink()).rejects.toMatchObject({ code: 'serial.port_busy' });
    await link.close();
    await expect(line.openLink()).resolves.toBeDefined();
  });

  it('tells the host once why it ended, and takes no more bytes', async () => {
    const line = createMemoryLine();
    const port = line.openPort();
    const link = await line.openLink();
    const reasons: string[] = [];
    link.onClose(({ reason }) => reasons.push(reason));
    port.close();
    await link.close();
    expect(reasons).toEqual(['unplugged']);
    await expect(link.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'serial.link_lost' });
    await expect(line.openLink()).rejects.toMatchObject({ code: 'serial.port_missing' });
  });

  it('loses what nobody listens to, and counts it', () => {
    const port = createMemoryLine().openPort();
    port.send(new Uint8Array(5));
    expect(port.lostBytes()).toBe(5);
  });
});
