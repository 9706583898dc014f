import { z } from 'zod';
import type { Cabinet } from './cabinet.js';
import { type DeviceName, deviceNames } from './cabinet-file.js';

const count = z.int().min(0);

const deviceState = z.strictObject({
  plugged: z.boolean(),
  /** Where a program opens it now; null while it is unplugged. */
  path: z.string().nullable(),
  faults: z.array(z.strictObject({ fault: z.string(), options: z.unknown(), leftMs: z.number().nullable() })),
  counters: z.record(z.string(), count),
});

/** Everything about a cabinet that a person standing in front of it could see, and the counters of its devices. */
export const cabinetState = z.strictObject({
  name: z.string(),
  seed: z.union([z.string(), z.int()]),
  antennas: z.int(),
  doors: z.array(
    z.strictObject({
      id: z.int(),
      open: z.boolean(),
      locked: z.boolean(),
      /** What its contact tells the board. */
      contactClosed: z.boolean(),
      /** The lock is being driven. */
      relayOn: z.boolean(),
    }),
  ),
  tags: z.array(
    z.strictObject({
      epc: z.string(),
      label: z.string(),
      inside: z.boolean(),
      antenna: z.int(),
      shadowed: z.boolean(),
    }),
  ),
  badges: z.array(z.strictObject({ number: z.string(), label: z.string() })),
  devices: z.strictObject({ uhf: deviceState, badge: deviceState, lock: deviceState }),
});
export type CabinetState = z.output<typeof cabinetState>;

export function stateOf(cabinet: Cabinet): CabinetState {
  const { file, lockBoard } = cabinet;
  return {
    name: file.name,
    seed: cabinet.seed,
    antennas: file.antennas,
    doors: cabinet.doors().map((door) => ({
      id: door.id,
      open: door.isOpen(),
      locked: door.isLocked(),
      contactClosed: door.contactClosed(),
      relayOn: lockBoard.relayOn(door.relay),
    })),
    tags: cabinet.field.tags().map(({ epc, label, inside, antenna, shadowed }) => ({
      epc,
      label,
      inside,
      antenna,
      shadowed,
    })),
    badges: file.badges,
    devices: {
      uhf: deviceOf(cabinet, 'uhf', { ...cabinet.reader.counters(), ...cabinet.air }),
      badge: deviceOf(cabinet, 'badge', { ...cabinet.badgeReader.counters }),
      lock: deviceOf(cabinet, 'lock', { ...lockBoard.counters }),
    },
  };
}

function deviceOf(cabinet: Cabinet, name: DeviceName, own: Readonly<Record<string, number>>) {
  const line = cabinet.lines[name];
  const path = line.path();
  return {
    plugged: path !== undefined,
    path: path ?? null,
    faults: cabinet.faults.of(name).map((fault) => ({ ...fault })),
    counters: { ...line.counters(), ...own },
  };
}

/** The present paths by device, as a program that opens them wants them; unplugged devices are left out. */
export function portsOf(cabinet: Cabinet): Partial<Record<DeviceName, string>> {
  return Object.fromEntries(
    deviceNames.flatMap((name) => {
      const path = cabinet.lines[name].path();
      return path === undefined ? [] : [[name, path]];
    }),
  );
}
