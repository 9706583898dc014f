import { AppError } from '@tagtrail/shared/error.js';
import type { LinkClosed, OpenLink, SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { OpenPort } from './port.js';

/**
 * A serial line without an operating system. `openPort` plugs the device in, `openLink` is what an
 * agent opens; like a real line it takes one host at a time and loses what nobody listens to.
 */
export interface MemoryLine {
  readonly openPort: OpenPort;
  readonly openLink: OpenLink;
}

interface Host {
  data: (chunk: Uint8Array) => void;
  end: (closed: LinkClosed) => void;
}

interface Plugged {
  receive: (chunk: Uint8Array) => void;
  opened: () => void;
  host: Host | undefined;
}

export function createMemoryLine(clock: Clock): MemoryLine {
  let plugged: Plugged | undefined;

  const openPort: OpenPort = () => {
    const mine: Plugged = { receive: () => {}, opened: () => {}, host: undefined };
    plugged = mine;
    let lost = 0;
    return {
      path: '',
      send: (bytes) => {
        const host = mine.host;
        const copy = bytes.slice();
        if (host === undefined) lost += copy.length;
        else clock.startTimer('memory line', 0, () => host.data(copy));
      },
      onData: (listen) => {
        mine.receive = listen;
      },
      onHost: (listen) => {
        mine.opened = listen;
      },
      lostBytes: () => lost,
      close: () => {
        if (plugged === mine) plugged = undefined;
        mine.host?.end({ reason: 'unplugged', detail: 'the cable was pulled' });
        mine.host = undefined;
      },
    };
  };

  const openLink: OpenLink = async () => {
    const device = plugged;
    if (device === undefined) {
      throw new AppError('serial.port_missing', 'the simulated device is unplugged', { kind: 'device' });
    }
    if (device.host !== undefined) {
      throw new AppError('serial.port_busy', 'another program has opened the simulated device', { kind: 'operator' });
    }
    return hostEnd(clock, device);
  };

  return { openPort, openLink };
}

function hostEnd(clock: Clock, device: Plugged): SerialLink {
  const dataListeners: ((chunk: Uint8Array) => void)[] = [];
  const closeListeners: ((closed: LinkClosed) => void)[] = [];
  let closed: LinkClosed | undefined;
  const host: Host = {
    data: (chunk) => {
      if (closed === undefined) for (const listen of dataListeners) listen(chunk);
    },
    end: (reason) => {
      if (closed !== undefined) return;
      closed = reason;
      for (const listen of closeListeners) listen(reason);
    },
  };
  device.host = host;
  device.opened();
  return {
    write: async (bytes) => {
      if (closed !== undefined) throw new AppError('serial.link_lost', 'the serial line is closed', { kind: 'device' });
      const copy = bytes.slice();
      clock.startTimer('memory line', 0, () => device.receive(copy));
    },
    onData: (listen) => {
      dataListeners.push(listen);
    },
    onClose: (listen) => {
      if (closed === undefined) closeListeners.push(listen);
      else listen(closed);
    },
    close: async () => {
      if (device.host === host) device.host = undefined;
      host.end({ reason: 'asked' });
    },
  };
}
