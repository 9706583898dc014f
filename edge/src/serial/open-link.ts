import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { openSerialPort } from './serialport-link.js';
import { openTcpLink, tcpAddress } from './tcp-link.js';

/**
 * Opens a new link to the same device at a speed in bits per second. Drivers that look for the
 * speed of a reader call it with several. Rejects as `OpenLink` does.
 */
export type OpenLinkAt = (baudRate: number) => Promise<SerialLink>;

/** A serial port for a device path, a serial server for `tcp://host:port` (which has its own speed). */
export function linkOpener(path: string, clock: Clock = systemClock): OpenLinkAt {
  const address = tcpAddress(path);
  return address === undefined ? (baudRate) => openSerialPort(path, baudRate, clock) : () => openTcpLink(address);
}
