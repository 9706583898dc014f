import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import ModbusRTU from 'modbus-serial';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpControl } from '../people/sim-control.js';
import { openHostPort } from '../testing/host-port.js';
import { cabinetFile } from './cabinet-file.js';
import { type ServedCabinet, serveCabinet } from './serve.js';

const file = cabinetFile.parse({ name: 'B1', doors: [{ id: 1 }, { id: 2 }] });

describe('serveCabinet', () => {
  let folder = '';
  let served: ServedCabinet;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tagtrail-sim-'));
    served = await serveCabinet({ file, controlPort: 0, linksFolder: folder }, { clock: systemClock });
  });
  afterEach(async () => {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(path: string, body: unknown): Promise<Response> {
    return fetch(served.control + path, { method: 'POST', body: JSON.stringify(body) });
  }

  it('sends the published frame of a badge to whoever opens the port', async () => {
    const host = await openHostPort(served.ports.badge, 9600);
    await ask('/badge', { number: '1F00644BB6', heldMs: 0 });
    const frame = await host.bytes(14);
    await host.close();
    expect(Buffer.from(frame).toString('hex')).toBe('0231463030363434424236383603');
  });

  it('answers a third-party Modbus client', async () => {
    const client = new ModbusRTU.default();
    await client.connectRTUBuffered(served.ports.lock, { baudRate: 9600 });
    try {
      client.setID(1);
      client.setTimeout(2000);
      expect((await client.readDiscreteInputs(0, 2)).data.slice(0, 2)).toEqual([true, true]);
      await client.writeCoil(0, true);
      expect((await client.readCoils(0, 8)).data).toEqual([true, false, false, false, false, false, false, false]);
      expect((await ask('/door/1/open', {})).status).toBe(200);
      expect((await client.readDiscreteInputs(0, 2)).data.slice(0, 2)).toEqual([false, true]);
      await expect(client.readCoils(8, 1)).rejects.toThrow('Illegal data address');
    } finally {
      await new Promise<void>((resolve) => client.close(() => resolve()));
    }
  });

  it('echoes the published request for a timed pulse', async () => {
    const host = await openHostPort(served.ports.lock, 9600);
    await host.write(Uint8Array.of(0x01, 0x05, 0x02, 0x00, 0x00, 0x07, 0x8d, 0xb0));
    const reply = await host.bytes(8);
    await host.close();
    expect(Buffer.from(reply).toString('hex')).toBe('0105020000078db0');
    expect((await ask('/door/1/open', {})).status).toBe(200);
  });

  it('points the link at the new port after the cable was pulled and put back', async () => {
    const link = join(folder, 'uhf');
    const first = readlinkSync(link);
    expect(first).toBe(served.ports.uhf);
    await ask('/faults', { fault: 'unplug', device: 'uhf' });
    expect(readdirSync(folder).sort()).toEqual(['badge', 'lock']);
    await ask('/faults', { fault: 'unplug', device: 'uhf', on: false });
    const state = (await (await fetch(`${served.control}/state`)).json()) as { devices: { uhf: { path: string } } };
    expect(readlinkSync(link)).toBe(state.devices.uhf.path);
    expect(state.devices.uhf.path).not.toBe(first);
    const host = await openHostPort(link, 115_200);
    await host.close();
  });

  it('can be used by simulated people over HTTP', async () => {
    const control = httpControl(served.control);
    await control.placeTag('E2000001', true);
    await control.badge('1F00644BB6');
    expect(await control.openDoor(2)).toBe(false);
    await control.closeDoor(2);
    expect((await control.state()).tags.map(({ epc }) => epc)).toEqual(['E2000001']);
    await expect(control.closeDoor(9)).rejects.toMatchObject({ code: 'sim.control_refused' });
    await expect(httpControl('http://127.0.0.1:1').state()).rejects.toMatchObject({ code: 'sim.control_lost' });
  });

  it('takes its links and ports away when it stops', async () => {
    await served.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names a taken control port and how to choose another', async () => {
    const port = Number(new URL(served.control).port);
    await expect(serveCabinet({ file, controlPort: port }, { clock: systemClock })).rejects.toThrow(
      `Port ${port} is taken by another program. Choose another one with --control PORT`,
    );
  });
});
