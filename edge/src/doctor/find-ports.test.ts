import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findPorts } from './find-ports.js';

describe('findPorts', () => {
  const dev = mkdtempSync(join(tmpdir(), 'tagtrail-dev-'));
  afterEach(() => rmSync(dev, { recursive: true, force: true }));

  it('finds what the kernel and udev keep when the system lists nothing, each device once', async () => {
    for (const name of ['ttyUSB0', 'ttyACM1', 'ttyS0', 'null']) writeFileSync(join(dev, name), '');
    mkdirSync(join(dev, 'serial/by-id'), { recursive: true });
    symlinkSync(join(dev, 'ttyUSB0'), join(dev, 'serial/by-id/usb-FTDI-if00'));
    const refuses = async (): Promise<never> => {
      throw new Error('udevadm is not there');
    };
    expect(await findPorts(dev, refuses)).toEqual([
      { path: join(dev, 'ttyACM1'), stablePath: null, maker: null },
      { path: join(dev, 'ttyUSB0'), stablePath: join(dev, 'serial/by-id/usb-FTDI-if00'), maker: null },
    ]);
  });

  it('leaves out the ports of the mainboard that nothing says anything about', async () => {
    const list = async () => [
      { path: '/dev/ttyS0', maker: null },
      { path: '/dev/ttyS4', maker: 'Moxa' },
      { path: '/dev/ttyUSB7', maker: null },
    ];
    expect((await findPorts(dev, list)).map(({ path }) => path)).toEqual(['/dev/ttyS4', '/dev/ttyUSB7']);
  });
});
