import { AppError } from '@tagtrail/shared/error.js';
import type { LinkClosed, OpenLink, SerialLink } from '@tagtrail/shared/serial/link.js';
import type { OpenPort } from './port.js';

/**
 * A serial line without an operating system. `openPort` plugs the device in, `openLink` is what an
 * agent opens; like a real line it takes one host at a time and loses what nobody listens to. Bytes
 * are at the other end at once: how long they take is the business of the pacer in front of it.
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

export function createMemoryLine(): MemoryLine {
  let plugged: Plugged | undefined;

  const openPort: OpenPort = () => {
    const mine: Plugged = { receive: () => {}, opened: () => {}, host: undefined };
    plugged = mine;
    let lost = 0;
    return {
      path: '',
      send: (bytes) => {
        const host = mine.host;
        if (host === undefined) lost += bytes.length;
        else host.data(bytes.slice());
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
    return hostEnd(device);
  };

  return { openPort, openLink };
}

function hostEnd(device: Plugged): SerialLink {
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
      device.receive(bytes.slice());
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
