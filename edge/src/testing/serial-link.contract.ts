import type { LinkClosed, SerialLink } from '@tagtrail/shared/serial/link.js';
import { afterEach, describe, expect, it } from 'vitest';

/** A device and ways to open links to it. */
export interface SerialLinkBench {
  /** Opens a new link to the same device. */
  open(): Promise<SerialLink>;
  /** Bytes from the device. */
  send(bytes: Uint8Array): void;
  /** Everything that reached the device, over all links. */
  received(): Uint8Array;
  unplug(): void;
  /** Resolves once `condition` holds; fails the test when it never does. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** What every `SerialLink` must do, whatever carries its bytes. */
export function describeSerialLink(name: string, createBench: () => Promise<SerialLinkBench>): void {
  describe(`SerialLink over ${name}`, () => {
    const benches: SerialLinkBench[] = [];

    async function openBench() {
      const bench = await createBench();
      benches.push(bench);
      const link = await bench.open();
      const heard: number[] = [];
      const closings: LinkClosed[] = [];
      link.onData((chunk) => heard.push(...chunk));
      link.onClose((closed) => closings.push(closed));
      return { bench, link, heard, closings };
    }

    afterEach(async () => {
      for (const bench of benches.splice(0)) await bench.close();
    });

    it('carries every byte unaltered in both directions', async () => {
      const { bench, link, heard } = await openBench();
      await link.write(allBytes);
      bench.send(allBytes);
      await bench.until(() => heard.length >= 256 && bench.received().length >= 256);
      expect(heard).toEqual([...allBytes]);
      expect([...bench.received()]).toEqual([...allBytes]);
    });

    it('keeps the order of writes that nobody waited for', async () => {
      const { bench, link } = await openBench();
      const writes = Array.from({ length: 100 }, (_, i) => link.write(Uint8Array.of(i, 255 - i)));
      await Promise.all(writes);
      await bench.until(() => bench.received().length >= 200);
      expect([...bench.received()]).toEqual(Array.from({ length: 200 }, (_, i) => (i % 2 ? 255 - (i >> 1) : i >> 1)));
    });

    it('says once that it was closed as asked', async () => {
      const { link, closings } = await openBench();
      await link.close();
      await link.close();
      expect(closings).toEqual([{ reason: 'asked' }]);
    });

    it('tells a listener that comes late', async () => {
      const { link } = await openBench();
      await link.close();
      const late: LinkClosed[] = [];
      link.onClose((closed) => late.push(closed));
      expect(late).toEqual([{ reason: 'asked' }]);
    });

    it('says once that it was unplugged', async () => {
      const { bench, link, closings } = await openBench();
      bench.unplug();
      await bench.until(() => closings.length > 0);
      await link.close();
      expect(closings).toEqual([{ reason: 'unplugged', detail: expect.any(String) }]);
    });

    it('refuses a write after it was unplugged', async () => {
      const { bench, link, closings } = await openBench();
      bench.unplug();
      await bench.until(() => closings.length > 0);
      await expect(link.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'serial.link_lost' });
    });

    it('never sends later what was written while it was closed', async () => {
      const { bench, link } = await openBench();
      await link.close();
      await expect(link.write(Uint8Array.of(0xde, 0xad))).rejects.toMatchObject({ code: 'serial.link_lost' });
      const next = await bench.open();
      await next.write(Uint8Array.of(0x01));
      await bench.until(() => bench.received().length > 0);
      expect([...bench.received()]).toEqual([0x01]);
      await next.close();
    });

    it('hears nothing more once it is closed', async () => {
      const { bench, link, heard } = await openBench();
      await link.close();
      const next = await bench.open();
      const heardNext: number[] = [];
      next.onData((chunk) => heardNext.push(...chunk));
      bench.send(Uint8Array.of(7));
      await bench.until(() => heardNext.length > 0);
      expect(heard).toEqual([]);
      await next.close();
    });
  });
}
