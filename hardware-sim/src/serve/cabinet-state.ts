import type { CabinetState } from '@tagtrail/shared/simulator/control-protocol.js';
import type { Cabinet } from './cabinet.js';
import { type DeviceName, deviceNames } from './cabinet-file.js';

/** What a person in front of it sees, and the counters of its devices. */
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
