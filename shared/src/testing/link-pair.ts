import { AppError } from '../error.js';
import type { LinkClosed, SerialLink } from '../serial/link.js';
import type { Clock } from '../time/clock.js';

export interface LinkPair {
  /** The end that the agent holds. */
  readonly host: SerialLink;
  /** The end that the device holds. */
  readonly device: SerialLink;
  /** Pulls the cable: both ends close as unplugged, bytes on the way are lost. */
  unplug(detail?: string): void;
}

export interface LinkPairOptions {
  /** Time from one end to the other. */
  readonly latencyMs?: number;
}

interface End {
  readonly link: SerialLink;
  receive(chunk: Uint8Array): void;
  end(closed: LinkClosed): void;
}

/** Two ends of a serial line in memory. Chunks arrive in order, each by a timer of `clock`. */
export function createLinkPair(clock: Clock, options: LinkPairOptions = {}): LinkPair {
  const latencyMs = options.latencyMs ?? 0;
  const host: End = createEnd(clock, latencyMs, () => device);
  const device: End = createEnd(clock, latencyMs, () => host);
  return {
    host: host.link,
    device: device.link,
    unplug: (detail = 'the cable was pulled') => {
      host.end({ reason: 'unplugged', detail });
      device.end({ reason: 'unplugged', detail });
    },
  };
}

function createEnd(clock: Clock, latencyMs: number, other: () => End): End {
  const dataListeners: ((chunk: Uint8Array) => void)[] = [];
  const closeListeners: ((closed: LinkClosed) => void)[] = [];
  let closed: LinkClosed | undefined;

  function end(reason: LinkClosed): void {
    if (closed !== undefined) return;
    closed = reason;
    for (const listen of closeListeners) listen(reason);
  }

  const link: SerialLink = {
    write: async (bytes) => {
      if (closed !== undefined) {
        throw new AppError('serial.link_lost', 'the serial line is closed', { kind: 'device' });
      }
      const copy = bytes.slice();
      clock.startTimer('serial.link-pair', latencyMs, () => other().receive(copy));
    },
    onData: (listen) => {
      dataListeners.push(listen);
    },
    onClose: (listen) => {
      if (closed === undefined) closeListeners.push(listen);
      else listen(closed);
    },
    close: async () => {
      if (closed !== undefined) return;
      end({ reason: 'asked' });
      clock.startTimer('serial.link-pair', latencyMs, () => {
        other().end({ reason: 'unplugged', detail: 'the other end closed' });
      });
    },
  };

  return {
    link,
    end,
    receive: (chunk) => {
      if (closed !== undefined) return;
      for (const listen of dataListeners) listen(chunk);
    },
  };
}
