import type { DeviceRole } from '@tagtrail/shared/events/trace-event.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { EdgeConfig } from './config.js';
import type { BadgeConfig, LockConfig, UhfConfig } from './device-config.js';
import { createAsciiLineReader } from './reader/ascii-line/ascii-line-reader.js';
import { createChafonReader } from './reader/chafon/chafon-reader.js';
import { createKerongLockBoard } from './reader/kerong/kerong-lock-board.js';
import { createLlrpReader } from './reader/llrp/llrp-reader.js';
import { createM100Reader } from './reader/m100/m100-reader.js';
import { createMercuryReader } from './reader/mercury/mercury-reader.js';
import { createModbusLockBoard } from './reader/modbus/modbus-lock-board.js';
import { createOsdpReader } from './reader/osdp/osdp-reader.js';
import { createRdm6300Reader } from './reader/rdm6300/rdm6300-reader.js';
import type {
  BadgeReader,
  BadgeReaderListener,
  LockBoard,
  LockBoardListener,
  UhfReader,
  UhfReaderListener,
} from './reader/reader.js';
import { linkOpener, type OpenLinkAt } from './serial/open-link.js';
import type { CabinetDevices } from './session/cabinet.js';

export interface DriverPlatform {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What makes one driver: where its device is found comes in as `openLink`. */
export interface DriverParts<Listener> extends DriverPlatform {
  readonly openLink: OpenLinkAt;
  readonly listener: Listener;
}

/** The driver of each device that the settings name, on the machine's own ports. */
export function deviceDrivers(
  config: EdgeConfig['devices'],
  platform: DriverPlatform,
  /** Looks on at what goes over the links. */
  wrap: (device: DeviceRole, openLink: OpenLinkAt) => OpenLinkAt = (_device, openLink) => openLink,
): CabinetDevices {
  const { uhf, badge, lock } = config;
  const open = (device: DeviceRole): OpenLinkAt => wrap(device, linkOpener(addressOf(config[device])));
  return {
    uhf: (listener) => createUhfReader(uhf, { ...platform, openLink: open('uhf'), listener }),
    badge: (listener) => createBadgeReader(badge, { ...platform, openLink: open('badge'), listener }),
    lock: (listener) => createLockBoard(lock, { ...platform, openLink: open('lock'), listener }),
  };
}

/** Where the device is: a path, or `tcp://host:port` for one on the network. */
export function addressOf(config: UhfConfig | BadgeConfig | LockConfig): string {
  return config.driver === 'llrp' ? `tcp://${config.host}:${config.port}` : config.path;
}

export function createUhfReader(config: UhfConfig, parts: DriverParts<UhfReaderListener>): UhfReader {
  switch (config.driver) {
    case 'mercury':
      return createMercuryReader({ ...parts, config });
    case 'chafon':
      return createChafonReader({ ...parts, config });
    case 'm100':
      return createM100Reader({ ...parts, config });
    case 'llrp':
      return createLlrpReader({ ...parts, config });
  }
}

export function createBadgeReader(config: BadgeConfig, parts: DriverParts<BadgeReaderListener>): BadgeReader {
  switch (config.driver) {
    case 'rdm6300':
      return createRdm6300Reader({ ...parts, config });
    case 'ascii':
      return createAsciiLineReader({ ...parts, config });
    case 'osdp':
      return createOsdpReader({ ...parts, config });
  }
}

export function createLockBoard(config: LockConfig, parts: DriverParts<LockBoardListener>): LockBoard {
  switch (config.driver) {
    case 'modbus':
      return createModbusLockBoard({ ...parts, config });
    case 'kerong-cu16':
    case 'kerong-cu48':
      return createKerongLockBoard({ ...parts, config });
  }
}
