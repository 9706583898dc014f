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
  let powered = false;
  let bytesIn = 0;
  let bytesOut = 0;

  const cable = createCable({ openPort, onPath, onChunk: (chunk) => hear(chunk), onHost: () => device.hostOpened?.() });
  const toHost: Pacer = createPacer({ clock, baud: device.baud, deliver: cable.send });
  const toDevice: Pacer = createPacer({
    clock,
    baud: device.baud,
    deliver: (bytes) => {
      bytesIn += bytes.length;
      if (powered) device.receive(bytes);
    },
  });
  const clear = (): void => {
    toHost.clear();
    toDevice.clear();
  };
  const hear = (chunk: Uint8Array): void => {
    const altered = through(behaviours, 'incoming', chunk);
    if (altered.length > 0) toDevice.send(altered);
  };
  const say = (bytes: Uint8Array): void => {
    const altered = through(behaviours, 'outgoing', bytes);
    bytesOut += altered.length;
    if (altered.length > 0) toHost.send(altered, lateMs(behaviours));
  };
  const powerOff = (): void => {
    if (!powered) return;
    powered = false;
    device.powerOff();
    clear();
  };
  const unplug = (): void => {
    clear();
    cable.unplug();
  };

  return {
    path: cable.path,
    plug: cable.plug,
    unplug,
    powerOn: () => {
      if (powered) return;
      powered = true;
      device.powerOn(say);
    },
    powerOff,
    inject: (bytes) => toHost.send(bytes),
    counters: () => ({
      bytesIn,
      bytesOut,
      bytesLost: cable.lostBytes() + toHost.overrunBytes() + toDevice.overrunBytes(),
    }),
    close: () => {
      powerOff();
      unplug();
    },
  };
}

interface CableOptions extends Pick<LineOptions, 'openPort' | 'onPath'> {
  readonly onChunk: (chunk: Uint8Array) => void;
  readonly onHost: () => void;
}

/** The cable between a device and one port after the other. */
function createCable({ openPort, onPath, onChunk, onHost }: CableOptions) {
  let port: Port | undefined;
  let lost = 0;
  return {
    path: (): string | undefined => port?.path,
    lostBytes: (): number => lost + (port?.lostBytes() ?? 0),
    send: (bytes: Uint8Array): void => {
      if (port === undefined) lost += bytes.length;
      else port.send(bytes);
    },
    plug: (): void => {
      if (port !== undefined) return;
      port = openPort();
      port.onData(onChunk);
      port.onHost?.(onHost);
      onPath(port.path);
    },
    unplug: (): void => {
      if (port === undefined) return;
      port.close();
      lost += port.lostBytes();
      port = undefined;
      onPath(undefined);
    },
  };
}

/** The newest behaviour is the outermost: last on the way out, first on the way in. */
function through(stack: BehaviourStack, way: 'outgoing' | 'incoming', bytes: Uint8Array): Uint8Array {
  if (stack.list().length === 0) return bytes;
  const ordered = way === 'incoming' ? stack.list() : [...stack.list()].reverse();
  return ordered.reduce((altered, behaviour) => behaviour[way]?.(altered) ?? altered, bytes);
}

function lateMs(stack: BehaviourStack): number {
  return stack.list().reduce((sum, behaviour) => sum + (behaviour.lateMs?.() ?? 0), 0);
}
