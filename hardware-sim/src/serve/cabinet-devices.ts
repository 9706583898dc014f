import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { createAsciiBadgeReader } from '../devices/ascii-badge-reader.js';
import { type BadgeReader, createBadgeReader } from '../devices/badge-reader.js';
import { createKerongLockBoard } from '../devices/kerong-lock-board.js';
import { createLlrpReader } from '../devices/llrp-reader/llrp-reader.js';
import { createLockBoard, type LockBoard, type LockBoardOptions } from '../devices/lock-board.js';
import { createOsdpBadgeReader } from '../devices/osdp-badge-reader.js';
import type { CabinetFile } from './cabinet-file.js';
import { type BuildReader, chafon18Reader, chafonReader, m100Reader, mercuryReader } from './cabinet-reader.js';

/** The device of each family that a cabinet file can name. A further family is one more line. */

export function readerOf(family: CabinetFile['devices']['uhf']): BuildReader {
  switch (family) {
    case 'mercury':
      return mercuryReader;
    case 'chafon':
      return chafonReader;
    case 'chafon-18':
      return chafon18Reader;
    case 'm100':
      return m100Reader;
    case 'llrp':
      return createLlrpReader;
  }
}

export interface BadgeReaderOptions {
  readonly clock: Clock;
  readonly random: Random;
}

export function badgeReaderOf(file: CabinetFile, { clock, random }: BadgeReaderOptions): BadgeReader {
  switch (file.devices.badge) {
    case 'rdm6300':
      return createBadgeReader(clock);
    case 'ascii':
      return createAsciiBadgeReader(clock);
    case 'osdp':
      return createOsdpBadgeReader({ random, ...(file.osdpKey === undefined ? {} : { key: file.osdpKey }) });
  }
}

export function lockBoardOf(family: CabinetFile['devices']['lock'], options: LockBoardOptions): LockBoard {
  switch (family) {
    case 'modbus':
      return createLockBoard(options);
    case 'kerong-cu16':
      return createKerongLockBoard('cu16', options);
    case 'kerong-cu48':
      return createKerongLockBoard('cu48', options);
  }
}
