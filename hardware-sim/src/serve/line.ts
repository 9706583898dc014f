import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { BehaviourStack } from '../devices/behaviour.js';
import type { SerialDevice } from '../devices/device.js';
import { createPacer, type Pacer } from './pacer.js';
import type { OpenPort, Port } from './port.js';

/*
 *  device -> outgoing behaviours -> pacer -> port -> host
 *  device <- incoming behaviours <- pacer <- port <- host
 */

/** A device, the cable in its back, and whatever disturbs the bytes between them. */
export interface Line {
  /** Where the host finds the device now; undefined while it is unplugged. */
  path(): string | undefined;
  plug(): void;
  unplug(): void;
  /** Puts bytes on the line to the host that the device never sent. */
  inject(bytes: Uint8Array): void;
  powerOff(): void;
  powerOn(): void;
  counters(): LineCounters;
  /** Power off and cable out, for good. */
  close(): void;
}

export interface LineCounters {
  /** Bytes that reached the device. */
  readonly bytesIn: number;
  /** Bytes that left the device. */
  readonly bytesOut: number;
  /** Bytes that left the device and reached nobody: no cable, no host, or a line that is too slow. */
  readonly bytesLost: number;
}

export interface LineOptions {
  readonly clock: Clock;
  readonly device: SerialDevice;
  readonly behaviours: BehaviourStack;
  readonly openPort: OpenPort;
  /** Told each time the path changes. */
  readonly onPath: (path: string | undefined) => void;
}

export function createLine({ clock, device, behaviours, openPort, onPath }: LineOptions): Line {
  let port: Port | undefined;
  let powered = false;
  let bytesIn = 0;
  let bytesOut = 0;
  let bytesLost = 0;

  const toHost: Pacer = createPacer({
    clock,
    baud: device.baud,
    deliver: (bytes) => {
      if (port === undefined) bytesLost += bytes.length;
      else port.send(bytes);
    },
  });
  const toDevice: Pacer = createPacer({
    clock,
    baud: device.baud,
    deliver: (bytes) => {
      bytesIn += bytes.length;
      if (powered) device.receive(bytes);
    },
  });

  const send = (bytes: Uint8Array): void => {
    const altered = through(behaviours, 'outgoing', bytes);
    bytesOut += altered.length;
    if (altered.length > 0) toHost.send(altered, lateMs(behaviours));
  };
  const powerOn = (): void => {
    if (powered) return;
    powered = true;
    device.powerOn(send);
  };
  const powerOff = (): void => {
    if (!powered) return;
    powered = false;
    device.powerOff();
    toHost.clear();
    toDevice.clear();
  };
  const unplug = (): void => {
    if (port === undefined) return;
    bytesLost += port.lostBytes();
    port.close();
    port = undefined;
    toHost.clear();
    toDevice.clear();
    onPath(undefined);
  };

  return {
    path: () => port?.path,
    plug: () => {
      if (port !== undefined) return;
      port = openPort();
      port.onData((chunk) => {
        const altered = through(behaviours, 'incoming', chunk);
        if (altered.length > 0) toDevice.send(altered);
      });
      onPath(port.path);
    },
    unplug,
    powerOn,
    powerOff,
    inject: (bytes) => toHost.send(bytes),
    counters: () => ({
      bytesIn,
      bytesOut,
      bytesLost: bytesLost + (port?.lostBytes() ?? 0) + toHost.overrunBytes() + toDevice.overrunBytes(),
    }),
    close: () => {
      powerOff();
      unplug();
    },
  };
}

/** The newest behaviour is the outermost: last on the way out, first on the way in. */
function through(stack: BehaviourStack, way: 'outgoing' | 'incoming', bytes: Uint8Array): Uint8Array {
  const ordered = way === 'incoming' ? stack.list() : [...stack.list()].reverse();
  return ordered.reduce((altered, behaviour) => behaviour[way]?.(altered) ?? altered, bytes);
}

function lateMs(stack: BehaviourStack): number {
  return stack.list().reduce((sum, behaviour) => sum + (behaviour.lateMs?.() ?? 0), 0);
}
